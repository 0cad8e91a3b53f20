"""The clinic's settings for the tests: demo mode, a data folder of their own, fast passwords."""

import os
import tempfile

os.environ.setdefault("FILIFORM_DEMO", "yes")
# Tests in one process need no collected files; the journeys' servers collect as a clinic does.
os.environ.setdefault("FILIFORM_LIVE", "yes")
# Playwright keeps an event loop in its process; tests of the database that come after it in the
# same process would be refused, though nothing in them is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ["FILIFORM_DATA"] = tempfile.mkdtemp(prefix="filiform-tests-")

from filiform.clinic.settings import *  # noqa: F403
from filiform.clinic.translations import compile_translations

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
compile_translations()
# Tests look into the context of pages that are composed; those of keeping switch it on.
KEEP_PAGES_BYTES = 0
