"""The settings of the desk; the environment decides, and every default starts on one machine with SQLite.

Every variable read here stands in docs/configuration.md (a test compares the two).
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from amends.config.database import database_from_url
from amends.config.env import (
    env_bool,
    env_int,
    env_list,
    env_secret,
    env_text,
    web_processes,
)
from amends.config.logging import configure_structlog
from amends.core.keys import load_or_create_key

PACKAGE_DIR = Path(__file__).resolve().parent.parent

# --- where things lie -------------------------------------------------------------------------
DATA_DIR = Path(env_text("AMENDS_DATA", "data")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)  # other people's words: for us alone
KEYS_DIR = Path(env_text("AMENDS_KEYS", str(DATA_DIR / "keys")))

DEBUG = env_bool("AMENDS_DEBUG")
SECRET_KEY = env_secret("AMENDS_SECRET_KEY") or load_or_create_key(KEYS_DIR / "secret.key")
DATABASES = {"default": database_from_url(env_secret("DATABASE_URL"), data_dir=DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the address ------------------------------------------------------------------------------
BASE_URL = env_text("AMENDS_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env_list("AMENDS_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")
TRUSTED_PROXIES = env_int("AMENDS_TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES and HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- parts ------------------------------------------------------------------------------------
DEMO = env_bool("AMENDS_DEMO")  # set by `amends demo`: the fictional shop's living stream
SANDBOX = env_bool("AMENDS_SANDBOX", default=DEMO)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "amends.work",
    "amends.record",
    "amends.accounts",
    "amends.inbox",
    "amends.cases",
    "amends.replies",
    "amends.measures",
    "amends.learning",
    "amends.hooks",
    "amends.sandbox",
    "amends.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # above the static files, so that they are small too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "amends.web.middleware.PersonLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "amends.web.middleware.DeskMiddleware",
    "amends.web.kept_middleware.KeptMiddleware",
]
ROOT_URLCONF = "amends.config.urls"
WSGI_APPLICATION = "amends.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "amends.web.context.desk",
            ],
            "builtins": ["amends.web.templatetags.desk"],
        },
    }
]

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "inbox"
ACCOUNT_ADAPTER = "amends.web.sign_in.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which proves the address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who has no account gets no mail from us
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": f"20/m/ip,{env_int('AMENDS_SIGN_IN_ATTEMPTS', 5)}/300s/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "amends.web.sign_in.SealedMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Amends"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation has proved the address
CACHES = {
    # The limits of sign-in must hold over several web processes, so they live in the database.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "amends_cache",
    }
}

# --- mail -------------------------------------------------------------------------------------
EMAIL_HOST = env_text("AMENDS_SMTP_HOST")
EMAIL_PORT = env_int("AMENDS_SMTP_PORT", 587)
EMAIL_HOST_USER = env_text("AMENDS_SMTP_USER")
EMAIL_HOST_PASSWORD = env_secret("AMENDS_SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("AMENDS_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = (
    DATA_DIR / "mail"
)  # without a mail server, letters lie here for the owner to pass on
DEFAULT_FROM_EMAIL = env_text("AMENDS_MAIL_FROM", "amends@localhost")

# --- safety -----------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "amends.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],  # pictures of strangers come through our proxy or not at all
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
IMPORT_MAX_BYTES = env_int("AMENDS_IMPORT_MAX_MB", 200) * 1024 * 1024  # of a file in the browser
# host:port pairs that the outbound guard lets through although they are private (docs/configuration.md)
OUTBOUND_ALLOW = env_list("AMENDS_OUTBOUND_ALLOW")

# --- programs ---------------------------------------------------------------------------------
API_PER_MINUTE = env_int("AMENDS_API_PER_MINUTE", 600)  # requests of one token

# --- work -------------------------------------------------------------------------------------
LEASE_SECONDS = env_int("AMENDS_LEASE_SECONDS", 60)
WORKER_THREADS = env_int("AMENDS_WORKER_THREADS", 1)
WEB_PROCESSES = web_processes()

# --- language and time ------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("tr", "Türkçe"),
    ("id", "Bahasa Indonesia"),
    ("ru", "Русский"),
    ("nl", "Nederlands"),
]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- static files -----------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "amends.config.logging.HidingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("AMENDS_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
configure_structlog()
