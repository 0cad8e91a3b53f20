"""The clinic's settings for the tests: demo mode, a data folder of their own, fast passwords."""

import os
import tempfile

os.environ.setdefault("FILIFORM_DEMO", "yes")
os.environ["FILIFORM_DATA"] = tempfile.mkdtemp(prefix="filiform-tests-")

from filiform.clinic.settings import *  # noqa: F403
from filiform.clinic.translations import compile_translations

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
compile_translations()
