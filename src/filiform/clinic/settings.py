"""Django's settings, read from FILIFORM_* variables (docs/reference/settings.md lists them)."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assets import signature
from filiform.clinic.environment import (
    Environment,
    data_folder,
    secret_key,
    spool_folders,
    time_zone,
)

ENVIRONMENT = Environment()
CLINIC = Path(__file__).resolve().parent
PROJECT = CLINIC.parents[2]
WEB = PROJECT / "web"
CHECKOUT = (WEB / "package.json").exists()  # else: installed from a wheel

DEMO = ENVIRONMENT.yes("DEMO", default=False)
DEBUG = False
DATA_FOLDER = data_folder(ENVIRONMENT, checkout=PROJECT if CHECKOUT else None)
# The private key of digests and of the chain's marks: a file that is not in the database.
KEY_FILE = ENVIRONMENT.text("KEY", str(DATA_FOLDER / "clinic-key.pem"))
SPOOL_FOLDERS = spool_folders(ENVIRONMENT, DATA_FOLDER)
SECRET_KEY = secret_key(ENVIRONMENT, demo=DEMO, data_folder=DATA_FOLDER)
# A changed key still opens what the former ones sealed (sessions, authenticator apps).
SECRET_KEY_FALLBACKS = ENVIRONMENT.words("FORMER_SECRET_KEYS")
ALLOWED_HOSTS = ENVIRONMENT.words("ALLOWED_HOSTS", "*" if DEMO else "localhost 127.0.0.1 [::1]")
HTTPS = ENVIRONMENT.yes("HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "filiform.clinic.facts",
    "filiform.clinic.documents",
    "filiform.clinic.web",
    "filiform.clinic.staff",
    "filiform.clinic.audit",
    "filiform.clinic.patients",
    "filiform.clinic.frontdoor",
    "filiform.clinic.intake",
    "filiform.clinic.body",
    "filiform.clinic.atlas",
    "filiform.clinic.visits",
    "filiform.clinic.diary",
    "filiform.clinic.payments",
    "filiform.clinic.sending",
    "filiform.clinic.assessment",
    "filiform.clinic.cds",
    "filiform.clinic.consent",
    "filiform.clinic.supplies",
    "filiform.clinic.treatment",
    "filiform.clinic.couch",
    "filiform.clinic.programme",
    "filiform.clinic.aftercare",
    "filiform.clinic.events",
    "filiform.clinic.progress",
    "filiform.clinic.expectation",
    "filiform.clinic.pathway",
    "filiform.clinic.chart",
    "filiform.clinic.reports",
    "filiform.clinic.recalls",
    "filiform.clinic.notes",
    "filiform.clinic.correspondence",
    "filiform.clinic.patient_page",
    "filiform.clinic.booking",
]

MIDDLEWARE = [
    "filiform.clinic.web.middleware.HeaderMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "filiform.clinic.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "filiform.clinic.staff.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "filiform.clinic.web.middleware.TextMiddleware",
    "filiform.clinic.staff.clock.SiteTimeMiddleware",
    "filiform.clinic.web.middleware.PrivacyMiddleware",
    "filiform.clinic.web.middleware.RefusalMiddleware",
    "filiform.clinic.staff.middleware.LockMiddleware",
    "filiform.clinic.web.drafts.DraftMiddleware",
    "filiform.clinic.web.middleware.MeanwhileMiddleware",
    "filiform.clinic.patients.middleware.ClosedFileMiddleware",
]

ROOT_URLCONF = "filiform.clinic.urls"
WSGI_APPLICATION = "filiform.clinic.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "filiform.clinic.web.loading.LanguageLoader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "filiform.clinic.web.templatetags.filiform",
                "filiform.clinic.pathway.templatetags.pathway",
                "filiform.clinic.programme.templatetags.exercise_figure",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "filiform.clinic.web.context.surroundings",
            ],
        },
    }
]
FORM_RENDERER = "filiform.clinic.web.renderer.Renderer"

# --- database ---------------------------------------------------------------------------------
DATABASE_URL = ENVIRONMENT.text("DATABASE_URL", f"sqlite:///{DATA_FOLDER / 'clinic.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # WAL lets readers go on while one writes; synchronous FULL means that what was
        # acknowledged is on the disk, so that a power cut loses nothing.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            # The file isn't mapped into memory: SQLite takes the map down whenever somebody else
            # has written, and with sixteen tablets a fifth of a page's time went into mapping the
            # same parts again. Alone it made no difference that could be measured.
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
        # A transaction takes the write lock at its start: waiting there is safe, while a lock
        # that is wanted half way through fails at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who is there -----------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.Member"
AUTHENTICATION_BACKENDS = [
    "filiform.clinic.staff.sessions.MemberBackend",
    # For sessions begun before MemberBackend was there.
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:sign-in"
LOGIN_REDIRECT_URL = "pathway:today"
LOGOUT_REDIRECT_URL = "frontdoor:home"

SIGN_IN_TRIES = ENVIRONMENT.number("SIGN_IN_TRIES", 5, low=2, high=50)
# Owners need a second factor; the demo, whose doors open with one tap, asks for it when told.
OWNERS_NEED_SECOND_FACTOR = not DEMO or ENVIRONMENT.yes("DEMO_SECOND_FACTOR", default=False)
# Proxies between the browser and this server: without the right number every visitor would seem
# to come from the proxy's address, or could make his own up.
PROXIES = ENVIRONMENT.number("PROXIES", 1 if HTTPS else 0, low=0, high=9)

LOCK_AFTER_MINUTES = ENVIRONMENT.number("LOCK_MINUTES", 10, low=1, high=240)
SESSION_COOKIE_AGE = 3600 * ENVIRONMENT.number("SESSION_HOURS", 12, low=1, high=72)
SESSION_ENGINE = "filiform.clinic.staff.sessions"
SESSION_COOKIE_NAME = "filiform_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.words("TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "filiform.clinic.web.views.csrf_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024  # a hospital's bundle may be large
FILE_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024  # and must never touch the disk unencrypted

# --- CDS Hooks: what other records may ask ---------------------------------------------------
CDS_CLIENTS = ENVIRONMENT.text("CDS_CLIENTS")
CDS_OPEN = ENVIRONMENT.yes("CDS_OPEN", default=DEMO)
CDS_ORIGINS = ENVIRONMENT.words("CDS_ORIGINS", "*")
CDS_FHIR_SERVERS = ENVIRONMENT.words("CDS_FHIR_SERVERS")
LINK_SERVERS = ENVIRONMENT.words("LINK_SERVERS")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- language and time ------------------------------------------------------------------------
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ur", _("Urdu"))]
LANGUAGE_COOKIE_NAME = "filiform_language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [CLINIC / "locale"]
FORMAT_MODULE_PATH = "filiform.clinic.locale"
USE_TZ = True
TIME_ZONE = time_zone(ENVIRONMENT)
PHONE_REGION = ENVIRONMENT.text("PHONE_REGION", "PK")

# --- files that the browser gets --------------------------------------------------------------
STATIC_URL = "/static/"
# FILIFORM_LIVE=yes hands files out from where they are written, so that a change shows at once.
LIVE = CHECKOUT and ENVIRONMENT.yes("LIVE", default=False)
STATICFILES_DIRS: list[Path | tuple[str, Path]] = []
if CHECKOUT:
    built = [WEB / "build"] if (WEB / "build").is_dir() else []
    STATICFILES_DIRS = [("filiform", WEB / "filiform"), *built]
if CHECKOUT:
    STATIC_ROOT = WEB / "collected" / signature([WEB / "filiform", WEB / "build"])
else:
    STATIC_ROOT = CLINIC / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LIVE
        else "filiform.clinic.assets.CollectedFiles"
    },
}
WHITENOISE_USE_FINDERS = LIVE
WHITENOISE_AUTOREFRESH = LIVE
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MAX_AGE = 0 if LIVE else 3600  # of names without a hash; the others are kept for ever

# Composed pages that each process keeps in memory (web/kept.py); 0 composes every page anew.
KEEP_PAGES_BYTES = 1024 * 1024 * ENVIRONMENT.number("KEEP_PAGES_MB", 48, low=0, high=4096)

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Requests are logged without addresses' query strings, names or entered values.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "filiform.clinic.web.logs.WithoutValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Other libraries' warnings: that there was one, and from whom.
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {
            "handlers": ["console"],
            "level": "ERROR",
            "propagate": False,
        },
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # It would name the addresses it calls, and a patient's id stands in them.
        "urllib3": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "filiform": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
