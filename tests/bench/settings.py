"""The clinic's settings, and one address more: the page that everything is compared with."""

from filiform.clinic.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
