"""The WSGI application that granian serves."""

import logging
import os
import sys

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from filiform.clinic.assets import ensure_collected
from filiform.clinic.garbage import settle
from filiform.clinic.operations.modes import make_private
from filiform.clinic.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")

# Whichever server runs this: what SQLite lays beside the database is this account's alone.
make_private()
logging.captureWarnings(True)  # Python's own warnings quote values; the log leaves them out
# A thread that comes back from SQLite waits for the interpreter as long as this, at each of its
# statements, while another composes a page. With Python's own 5 ms the one that holds the write
# lock, and everybody who waits for it, stood still for most of an act.
sys.setswitchinterval(0.0005)
# A worker that starts after a file was changed finds what it is going to hand out.
django.setup()
if not settings.LIVE:
    ensure_collected()
application = get_wsgi_application()
warm()
settle()
