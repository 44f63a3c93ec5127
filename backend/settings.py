"""Settings of Kwartet: one file; everything that differs between machines comes from the environment.

Without any variable it describes the embedded default (SQLite and a Valkey socket in `var/`).
`backend/environment.py` lists the variables, checks them and says what is wrong with them.
"""

import base64
import hashlib
import os

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from backend.environment import ROOT, read_environment

# Lets the code write ModelForm[Contact] and the like, which Django knows only when its types are checked.
django_stubs_ext.monkeypatch()

ENVIRONMENT = read_environment()
BASE_DIR = ROOT
# True on a developer's own machine: demo users with a known password are allowed only there.
LOCAL = ENVIRONMENT.local

# --- who we are -----------------------------------------------------------------------------------
BASE_URL = ENVIRONMENT.base_url
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
# Kept apart so that a new SECRET_KEY does not forget who must never be mailed.
SUPPRESSION_KEY = os.environ.get("SUPPRESSION_KEY") or SECRET_KEY
# What files of notes are encrypted with; give new ones in front, and keep the old ones behind them.
ATTACHMENT_KEYS = ENVIRONMENT.attachment_keys or [
    base64.urlsafe_b64encode(hashlib.sha256(f"attachments {SECRET_KEY}".encode()).digest())
]
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
DEBUG = os.environ.get("DEBUG") == "1"
SITE_NAME = os.environ.get("SITE_NAME", "Kennispark Twente")
VAR_DIR = ENVIRONMENT.var_dir
ATTACHMENTS_DIR = VAR_DIR / "attachments"

INSTALLED_APPS = [
    "crm.apps.CrmConfig",
    "engagement.apps.EngagementConfig",
    "crm.apps.SettingsPagesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "backend.apps.StaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
    "django_htmx",
    "simple_history",
]
MIDDLEWARE = [
    "crm.accounts.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "crm.accounts.middleware.ModestBodiesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.accounts.middleware.UserLanguageMiddleware",
    "crm.accounts.middleware.WhoseBrowserMiddleware",
    "crm.accounts.middleware.NothingStaysBehindMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.accounts.middleware.SecondStepMiddleware",
]
ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.accounts.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "crm.templatetags.look"],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------
DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Login limits and the worker's heartbeat must be shared by all processes and survive the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Of more it forgets a third: with the usual 300 a flood of clients would wipe its own limits out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Asked for by the key of what it tells about, never by date alone.
SIMPLE_HISTORY_DATE_INDEX = False
# Why something changed is a code with its parameters, in JSON; see crm/base/said.py.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "crm.accounts.backends.OwnAddressBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "crm.accounts.passwords.LongPassword",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "crm.accounts.adapter.ClosedAdapter"
ACCOUNT_FORMS = {"reset_password": "crm.accounts.forms.ResetForm"}
# That of allauth copies the address of who asks for a new password into a table that nobody keeps up to date.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# Who asks for a new password with any address gets the same page; a mail goes only to who has an account.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whether who may see people needs a second step to log in; others may have one.
MFA_REQUIRED = os.environ.get("MFA_REQUIRED") == "1"
MFA_ADAPTER = "crm.accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Codes of half a minute ago count too: the clocks of telephones differ.
MFA_TOTP_TOLERANCE = 1
# An admin makes the accounts, so an address needs no proof of its own.
MFA_ALLOW_UNVERIFIED_EMAIL = True
API_TOKEN_DAYS = int(os.environ.get("API_TOKEN_DAYS", "90"))
ACCOUNT_RATE_LIMITS = {
    # By client and account together (crm/accounts/adapter.py); the many of one office share a client.
    "login_failed": "60/m/ip,5/5m/key",
    "login": "120/m/ip",
}

# --- words, time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "backend" / "locale"]
FORMAT_MODULE_PATH = ["backend.formats"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# --- the API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.base.rest.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.base.rest.ByRole"],
    "DEFAULT_PAGINATION_CLASS": "crm.base.rest.KeySetPagination",
    # No browsable pages: their inline scripts do not get past the content security policy.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # Escaped, so that half a character that somebody sent can be quoted in the answer.
    "UNICODE_JSON": False,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "30/minute", "user": "600/minute"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kwartet",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["crm.base.rest.ByRole"],
    "ENUM_NAME_OVERRIDES": {"SectorEnum": "crm.base.sectors.Sector"},
}

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "backend" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Bodies without files, of the team; how many boxes somebody ticked can make one large.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# An answer, a login, what a program writes: larger ones are refused unread (crm/accounts/middleware.py).
LARGEST_BODY_OF_STRANGERS = 256 * 1024
IMPORT_LEASE = int(os.environ.get("IMPORT_LEASE", "60"))  # seconds a worker may hold an import
IMPORT_SWEEP = float(os.environ.get("IMPORT_SWEEP", "30"))  # seconds between two looks of beat at imports
# So long an import can be undone; then what its rows said of people is forgotten. A quarter of a year is
# two meetings of a body further, when somebody notices.
IMPORT_UNDO_DAYS = 92
# A file that nobody decided on goes after a month, which is also how long its people may wait to be told.
IMPORT_FILE_DAYS = 30
# What an import reads of one file; beyond it the file is refused in words. All of it is checked while the
# file is read in a process of its own, never by what the file says about itself.
IMPORT_MEGABYTES = 25  # as it is uploaded: 100,000 people with 12 columns are 17 MB as CSV
IMPORT_UNPACKED_MEGABYTES = 300  # of a workbook's XML: those 100,000 people are 90 MB
IMPORT_ROWS = 200_000  # on all sheets that are read; no list of relations comes near
IMPORT_CELLS = 6_000_000  # those 100,000 people have 1.2 million
IMPORT_COLUMNS = 512  # Outlook exports 92; a filled cell further away is nearly always a slip
IMPORT_CELL_CHARACTERS = 32_767  # what Excel itself allows
IMPORT_RECORD_CHARACTERS = 4_000_000  # of a record of JSON: small lists take twenty times that in memory
IMPORT_CHILD_MEGABYTES = 300  # of address space of that process: a bomb ends it, not the web process
IMPORT_CHILD_SECONDS = 60  # of processor time; 100,000 rows of XLSX take 5
IMPORT_STALL_SECONDS = 9  # without a single row: a person waits no longer

# What people said they need for an event (diet, access) is special data: so many days after it, it goes.
NEEDS_DAYS = int(os.environ.get("NEEDS_DAYS", "30"))

# --- mail -----------------------------------------------------------------------------------------
EMAIL_HOST = ENVIRONMENT.email["host"]
EMAIL_PORT = ENVIRONMENT.email["port"]
EMAIL_HOST_USER = ENVIRONMENT.email["user"]
EMAIL_HOST_PASSWORD = ENVIRONMENT.email["password"]
EMAIL_USE_TLS = ENVIRONMENT.email["tls"]
EMAIL_USE_SSL = ENVIRONMENT.email["ssl"]
EMAIL_TIMEOUT = int(os.environ.get("EMAIL_TIMEOUT", "15"))  # seconds per answer of the mail server
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.default_from_email
# Without it bounces go to the sender and are recognised by the Message-ID that they quote.
BOUNCE_ADDRESS = ENVIRONMENT.bounce_address
INBOX = ENVIRONMENT.inbox
INBOX_BATCH = 200  # mails per look, so that a worker is not kept from sending for long
INBOX_SWEEP = float(os.environ.get("INBOX_SWEEP", "60"))  # seconds between two looks at the mailbox
# A mailbox is full for a holiday, a server is down for a weekend: three different days within a month,
# without anything getting through in between, is neither.
SOFT_BOUNCE_DAYS = 3
SOFT_BOUNCE_WINDOW = 30
# A mail that did not come back for five days arrived: servers give up after four to five
# (RFC 5321 section 4.5.4.1).
SOFT_BOUNCE_GRACE = 5
SEND_DELAY = ENVIRONMENT.send_delay  # seconds in which what somebody sends by hand can be held back
# Seconds a confirmation waits, so that of an answer that is changed at once only the last is confirmed.
CONFIRMATION_DELAY = int(os.environ.get("CONFIRMATION_DELAY", "60"))
# Days after which somebody who was asked to approve what they said, and did not answer, is reminded.
APPROVAL_REMINDERS = [int(days) for days in os.environ.get("APPROVAL_REMINDERS", "7,14").split(",")]
OUTBOX_LEASE = int(os.environ.get("OUTBOX_LEASE", "60"))  # seconds a worker may hold a claimed message
OUTBOX_BATCH = int(os.environ.get("OUTBOX_BATCH", "400"))  # messages per claim
# What a provider allows: "*=600,outlook.com=60" is 600 a minute in all and 60 to that domain.
_RATES = [part.split("=") for part in os.environ.get("MAIL_PER_MINUTE", "").split(",") if part.strip()]
MAIL_PER_MINUTE = {name.strip(): float(rate) for name, rate in _RATES}
MAIL_PER_DAY = int(os.environ.get("MAIL_PER_DAY", "0"))  # 0 for no ceiling
# No invitations, reminders or newsletters then, on the clock of TIME_ZONE: "21:00-07:00"; none by default.
MAIL_QUIET_HOURS = os.environ.get("MAIL_QUIET_HOURS", "")
# Whoever had this many messages in 90 days is named before one more is sent; 0 for never.
MAIL_OFTEN = int(os.environ.get("MAIL_OFTEN", "6"))
OUTBOX_SWEEP = float(os.environ.get("OUTBOX_SWEEP", "10"))  # seconds between two sweeps by beat

# --- background work ------------------------------------------------------------------------------
VISIBILITY_TIMEOUT = int(os.environ.get("VISIBILITY_TIMEOUT", "300"))
REDIS_URL = ENVIRONMENT.redis_url
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Kombu gives a killed worker's messages back only after an hour by default; every task here is
    # a short, idempotent look at the database, so it may run again soon.
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "unacked_restore_interval": min(10, VISIBILITY_TIMEOUT),
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 240
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "tasks.heartbeat.beat", "schedule": 10.0, "options": {"expires": 30}},
    "noes": {"task": "tasks.noes.record", "schedule": 30.0, "options": {"expires": 60}},
    "outbox": {"task": "tasks.outbox.sweep", "schedule": OUTBOX_SWEEP, "options": {"expires": 60}},
    "planned": {
        "task": "tasks.outbox.start_scheduled",
        "schedule": 3 * OUTBOX_SWEEP,
        "options": {"expires": 60},
    },
    "approvals": {"task": "tasks.approvals.remind", "schedule": 3600.0, "options": {"expires": 3600}},
    "needs": {"task": "tasks.needs.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "reminders": {"task": "tasks.reminders.queue_due", "schedule": 60.0, "options": {"expires": 120}},
    "duplicates": {"task": "tasks.duplicates.look", "schedule": 600.0, "options": {"expires": 600}},
    "imports": {"task": "tasks.imports.work", "schedule": IMPORT_SWEEP, "options": {"expires": 60}},
    "old imports": {"task": "tasks.imports.tidy_up", "schedule": 3600.0, "options": {"expires": 3600}},
    "bulk": {"task": "tasks.bulk.work_off", "schedule": 30.0, "options": {"expires": 60}},
    "inbox": {"task": "tasks.inbox.read", "schedule": INBOX_SWEEP, "options": {"expires": 60}},
    "facets": {"task": "tasks.facets.count_held", "schedule": 600.0, "options": {"expires": 300}},
    "followed": {"task": "tasks.feedback.make_digests", "schedule": 86400.0, "options": {"expires": 3600}},
    "digests": {"task": "tasks.followups.send_digests", "schedule": 3600.0, "options": {"expires": 3600}},
    "notes": {"task": "tasks.statements.forget_versions", "schedule": 86400.0, "options": {"expires": 3600}},
    "attachments": {
        "task": "tasks.attachments.remove_ended",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
    "sessions": {"task": "tasks.sessions.clear_expired", "schedule": 86400.0, "options": {"expires": 3600}},
    "links": {"task": "tasks.links.check", "schedule": 300.0, "options": {"expires": 300}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
# Networks of the proxies in front, whose X-Forwarded-For says who asks.
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "crm.accounts.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {
        # Only /healthz answers 503; a probe every few seconds would fill the log with one line.
        "no_probes": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) != 503,
        },
        "hide_tokens": {"()": "backend.logs.HideTokens"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"filters": ["no_probes", "hide_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
