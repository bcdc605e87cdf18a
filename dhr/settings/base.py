"""What every deployment shares. Deployments differ only in the files beside this one."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from . import env

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = env.folder("DHR_VAR", ROOT / "var")  # keys, sealed papers, the embedded database: never committed

# docs/runbooks/keys.md: where the root key is, and a second folder for the container keys, on another disk or machine
ROOT_KEY = env.text("DHR_ROOT_KEY", "file")  # or transit, kms, pkcs11
ROOT_KEY_AT = {
    "transit": {
        "url": env.text("DHR_TRANSIT_URL", ""),
        "key": env.text("DHR_TRANSIT_KEY", ""),
        "token_file": env.text("DHR_TRANSIT_TOKEN_FILE", ""),
        "mount": env.text("DHR_TRANSIT_MOUNT", "transit"),
        "ca_file": env.text("DHR_TRANSIT_CA_FILE", ""),
    },
    "kms": {
        "key": env.text("DHR_KMS_KEY", ""),
        "region": env.text("DHR_KMS_REGION", ""),
        "url": env.text("DHR_KMS_URL", ""),
        "ca_file": env.text("DHR_KMS_CA_FILE", ""),
    },
    "pkcs11": {
        "module": env.text("DHR_PKCS11_MODULE", ""),
        "token": env.text("DHR_PKCS11_TOKEN", "dhr"),
        "label": env.text("DHR_PKCS11_KEY", "dhr-root"),
        "pin_file": env.text("DHR_PKCS11_PIN_FILE", ""),
    },
}
KEY_COPY = env.text("DHR_KEY_COPY", "")

DEBUG = False
ROOT_URLCONF = "dhr.urls"
WSGI_APPLICATION = "dhr.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
SITE_ID = 1

INSTALLED_APPS = [
    "dhr.govuk",  # before django.forms, whose widget templates it replaces
    "django.forms",
    "dhr.accounts",
    "dhr.access",
    "dhr.audit",
    "dhr.reviews",
    "restricted_docs",
    "chairs",
    "dhr.board",
    "workflows",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "auditlog",
    "csp",
    "viewflow",
    "viewflow.workflow",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dhr.accounts.middleware.StandingMiddleware",  # inactive or expired: signed out at once; answers are never cached
    "dhr.audit.middleware.ReadingMiddleware",  # what one request was allowed to read ends with it
    "workflows.middleware.FaultMiddleware",  # locked, refused, not yet: one plain sentence each
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dhr.govuk.context.service",
            ],
        },
    }
]
FORM_RENDERER = "dhr.govuk.renderer.GovukRenderer"

AUTHENTICATION_BACKENDS = [
    "dhr.access.backends.VetoBackend",  # inactive, expired, superuser: refused before anybody can say yes
    "dhr.access.backends.GrantBackend",  # standing roles, and grants on one object (guardian)
    "dhr.accounts.backends.SignInBackend",
]
ANONYMOUS_USER_NAME = None  # a grant to guardian's anonymous user would be a grant to everybody
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's own backend knows no dates: ours answers from its tables
VIEWFLOW = {"AUTOREGISTER": False}

AUDITLOG_MASK_CALLABLE = "dhr.audit.fields.masked"
AUDITLOG_DISABLE_REMOTE_ADDR = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"  # the statute's time zone: a deadline ends at midnight here
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["dhr.settings.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "assets" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is ever stored in clear
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dhr.accounts.views.faults.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
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
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form without its files
UPLOAD_MAX_BYTES = env.number("DHR_UPLOAD_MAX_MB", 200) * 1_000_000
CLAMD = env.text("DHR_CLAMD", "")  # tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl; empty: no scanner
FILE_UPLOAD_HANDLERS = ["restricted_docs.upload.SealingUploadHandler"]

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "your-work"
LOGOUT_REDIRECT_URL = "sign-in"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already proves the address
ACCOUNT_ADAPTER = "dhr.accounts.adapter.InvitationOnly"

ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address that a stranger types gets no e-mail
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
PASSWORD_RESET_TIMEOUT = 3600  # seconds
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": _VALIDATION + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "organisation")},
    },
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("DHR_FROM_EMAIL", "reviews@localhost")
DHR_URL = env.text("DHR_URL", "http://localhost:8000")
PARTNERSHIP_NAME = env.text("DHR_PARTNERSHIP", "Safer Sefton Together")
MFA_TOTP_ISSUER = PARTNERSHIP_NAME
TEAM_PHONE = env.text("DHR_TEAM_PHONE", "")
HOME_OFFICE_ADDRESS = env.text("DHR_HOME_OFFICE_ADDRESS", "DHR enquiries mailbox")
DEMO = False

# Where checkpoints of the access log go besides var/checkpoints.log (docs/runbooks/access-log.md)
CHECKPOINT_SYSLOG = env.text("DHR_CHECKPOINT_SYSLOG", "")
CHECKPOINT_EMAIL = [one for one in env.text("DHR_CHECKPOINT_EMAIL", "").replace(",", " ").split() if one]
_bucket = env.text("DHR_CHECKPOINT_BUCKET", "")
CHECKPOINT_BUCKET: dict[str, Any] = (
    {
        "url": _bucket,
        "region": env.text("DHR_CHECKPOINT_BUCKET_REGION", "eu-west-2"),
        "key_id": env.text("DHR_CHECKPOINT_BUCKET_KEY_ID"),
        "secret": env.text("DHR_CHECKPOINT_BUCKET_SECRET"),
        "days": env.number("DHR_CHECKPOINT_BUCKET_DAYS", 3_650),
    }
    if _bucket
    else {}
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"plain": {"()": "dhr.audit.quiet.NoCaseContent"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["plain"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},  # Django's own would mail whole forms to ADMINS
        "django.db.backends": {"level": "WARNING"},  # statements carry parameters: never logged
    },
}


def sqlite(path: Path | str) -> dict[str, object]:
    """SQLite as an embedded database that keeps what it has acknowledged; writers queue instead of failing."""
    pragmas = "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"
    return {
        "ENGINE": "dhr.db.sqlite_queue",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """PostgreSQL from postgresql://user:password@host:port/name; a lock that waits over five seconds is given up."""
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"options": "-c lock_timeout=5000 -c synchronous_commit=on"},
    }


def database() -> dict[str, object]:
    url = env.text("DHR_DATABASE", "")
    return postgresql(url) if url else sqlite(VAR / "db.sqlite3")
