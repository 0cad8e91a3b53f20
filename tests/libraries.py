"""Loads what every `filiform` loads before it reads its settings: libraries and the pure rooms.

Nothing of the clinic, which makes its tables' classes from the settings. A library that is missing
here costs a little time and changes nothing.
"""

import gc
from importlib import import_module

from django.conf import settings

NAMES = """
PIL.Image PIL.ImageDraw PIL.ImageOps biip cryptography.exceptions
cryptography.hazmat.primitives.asymmetric.ed25519
cryptography.hazmat.primitives.serialization csp.checks dj_database_url django.apps
django.conf.urls.i18n django.contrib.auth.checks django.contrib.staticfiles.checks
django.core.wsgi django.db.backends.sqlite3 django.middleware.csrf
django.template.defaultfilters django.template.defaulttags django.template.loaders.cached
django.urls django.utils.log django.views.generic.base filiform.anatomy.history
filiform.anatomy.surface.board filiform.anatomy.surface.flat
filiform.anatomy.surface.listing filiform.anatomy.surface.picture filiform.cli
filiform.exchange.cds.cards filiform.exchange.fhir.letter filiform.exchange.fhir.model
filiform.listening filiform.mechanism filiform.outcomes.events
filiform.planning.section_picture filiform.planning.settings filiform.programme
filiform.targeting.agreement filiform.targeting.measured granian icalendar jwt msgspec
phonenumbers.data.region_PK pyotp segno smtplib typst urllib3 uuid_utils.compat webauthn
whitenoise.storage
"""

for _name in NAMES.split():
    import_module(_name)

if settings.configured:
    raise RuntimeError("a library above reads the clinic's settings: each process has its own")
# What is loaded here is shared by all that are forked, until something writes to its page.
gc.collect()
gc.freeze()
