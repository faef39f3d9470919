"""One settings file. Everything that differs between machines is an environment variable (see .env.example)."""

import os
from pathlib import Path
from tempfile import gettempdir

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0, or leave it out.")


def env_list(name: str, default: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


DEBUG = env_bool("DEBUG", False)

# Finished pages are kept by a digest of the code taken at the start, so not while the code is being worked on.
KEEP_PAGES = env_bool("KEEP_PAGES", not DEBUG)

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text (python -c 'import secrets; "
            "print(secrets.token_urlsafe(50))'), or set DEBUG=1 to try the site on your own machine."
        )
    SECRET_KEY = "for-development-on-one-machine-only"

# Keys used before: what they signed and locked is still good while they are named here.
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")

INSTALLED_APPS = [
    "luton2040",
    "priorities",
    "outcomes",
    "pledges",
    "boards",
    "django_htmx",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    # First, so that a page that is already made costs one look-up and nothing else.
    "luton2040.caching.KeptPages",
    "luton2040.bodies.LimitedBodies",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "luton2040.signing_in.AccountPages",
    "allauth.account.middleware.AccountMiddleware",
    "luton2040.pages.SameWhileDebugging",
]

ROOT_URLCONF = "luton2040.urls"
WSGI_APPLICATION = "luton2040.wsgi.application"
AUTH_USER_MODEL = "luton2040.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Cells are pasted into one field, and a file is read without being written to disk. bodies.py limits whole requests.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "luton2040.context.site",
                "luton2040.context.desk",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.static", "outcomes.templatetags.wording"],
        },
    }
]
if DEBUG:
    TEMPLATES[0]["OPTIONS"]["loaders"] = ["django.template.loaders.filesystem.Loader"]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}", conn_max_age=None, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    # Tests use a file, as the site does: threads lock a database in memory differently. Its own for every run.
    DATABASES["default"]["TEST"] = {"NAME": f"{gettempdir()}/luton2040-tests-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that will write takes the lock at its start: waiting readers-turned-writers
        # would otherwise fail with "database is locked" instead of queueing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # WAL lets readers go on while an edition is written; NORMAL is safe with it.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
        ),
    }

CACHES = {
    # Counts failed sign-ins, which all processes must count together: hence in the database that they share.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "luton2040_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Finished public pages, already compressed. One process's memory is enough: any process can make any page.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 800},
    },
}

# --- people who sign in (luton2040/signing_in.py, luton2040/desk/access.py) ---

AUTHENTICATION_BACKENDS = ["luton2040.signing_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 8 * 60 * 60  # after the last use; access.py ends every sign-in after 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "luton2040.pages.form_expired"
# Approvers and administrators must have one. On one's own machine that would only be in the way.
ASK_SECOND_FACTOR = not DEBUG

ACCOUNT_ADAPTER = "luton2040.signing_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "luton2040.desk.forms.Login",
    "change_password": "luton2040.desk.forms.ChangePassword",
    "reset_password": "luton2040.desk.forms.ResetPassword",
    "reset_password_from_key": "luton2040.desk.forms.ResetPasswordKey",
    "reauthenticate": "luton2040.desk.forms.Reauthenticate",
    "request_login_code": "luton2040.desk.forms.RequestLoginCode",
    "confirm_login_code": "luton2040.desk.forms.ConfirmLoginCode",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever follows an invitation's link has shown that the address is theirs
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever's password or second step was changed by somebody else hears of it
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "luton2040.passwords.LinkTokens"
# A code sent by e-mail, for people without a password. The page that takes it and its letter say how long it is good.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # an invitation's link; LinkTokens is stricter with the others
# Many people of a council share one network address, so that limits by address are wide and those by person narrow.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "60/15m/ip,5/15m/key",
    "login": "60/m/ip",
    "reset_password": "20/15m/ip,3/15m/key",
    "request_login_code": "40/15m/ip,5/15m/key",
    "keep_typed": "200/h/ip",
    # Whoever meets a limit is told to wait 15 minutes (luton2040/pages.py), which must be enough.
    "begin_pledge": "30/15m/ip",
    "offer_pledge": "15/15m/ip",
    "confirm_letter": "3/d/key",
    # At most 24 letters a day to one address; whoever uses them up keeps a partner out for six hours, not for a day.
    "partner_sign_in": "40/15m/ip,4/h/key,6/6h/key",
    "partner_hand_in": "30/15m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0") or 0)

MFA_ADAPTER = "luton2040.signing_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "luton2040.desk.forms.Authenticate",
    "reauthenticate": "luton2040.desk.forms.ReauthenticateByCode",
    "activate_totp": "luton2040.desk.forms.ActivateTOTP",
    "login_webauthn": "luton2040.desk.forms.SignInWithPasskey",
    "authenticate_webauthn": "luton2040.desk.forms.AuthenticateWithPasskey",
    "reauthenticate_webauthn": "luton2040.desk.forms.ReauthenticateWithPasskey",
    "add_webauthn": "luton2040.desk.forms.AddPasskey",
    "edit_webauthn": "luton2040.desk.forms.RenamePasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute out

# The council's own sign-in. Its tenant is trusted to know its own people's addresses; who may come in is ours to say.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("OIDC_NAME", "") or "your work account"
SOCIALACCOUNT_ADAPTER = "luton2040.signing_in.CouncilAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# A link, not a form: form-action would have to name every server that the council's sign-in passes through.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "council",
            "name": OIDC_NAME,
            "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
            "settings": {"server_url": OIDC_ISSUER, "verified_email": True},
        }
    )

CHECK_BREACHED_PASSWORDS = env_bool("CHECK_BREACHED_PASSWORDS", not DEBUG)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "luton2040.passwords.NotBreached"},
]

# --- e-mail: invitations, forgotten passwords, reminders ---

EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEBUG else 'smtp'}.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "") or "localhost"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "") or CONTACT_EMAIL or "desk@localhost"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": (),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if not DEBUG and env_bool("HTTPS", True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Every page of a pack is told of, to whoever counts them (boards/making.py).
        "weasyprint": {"level": "WARNING"},
        "weasyprint.progress": {"level": "INFO", "propagate": False},
    },
}
