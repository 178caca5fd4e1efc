"""Settings, top to bottom. Every knob comes from the environment; wrong values refuse to start.

`docs/operating.md` lists the variables. Without DATABASE_URL and REDIS_URL the embedded
servers' last addresses are used (see config/local_servers.py), so that
`manage.py` works beside a running `make demo`.
"""

from __future__ import annotations

import os
import re
from email.utils import parseaddr
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config.local_servers import read_addresses

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of run this is -------------------------------------------------
DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
TESTING = env.flag("HOMEWARD_TESTING")
PRODUCTION = env.is_production()

# --- secrets ------------------------------------------------------------------
SECRET_KEY = env.secret_key("SECRET_KEY", local=not PRODUCTION)
#: Fernet keys, newest first: the first encrypts, all decrypt (see lib/encryption.py).
ENCRYPTION_KEYS = env.fernet_keys("ENCRYPTION_KEYS", local=not PRODUCTION)

# --- where we are ---------------------------------------------------------------
BASE_URL = env.base_url("BASE_URL", "http://127.0.0.1:8000", production=PRODUCTION)
SECURE = BASE_URL.startswith("https://")
BASE_HOST = BASE_URL.split("://", 1)[1]
#: Names that are ours; any other host must be a merchant's verified domain. The check is
#: storefront_pages.domains, so Django's own lets all pass.
OUR_HOSTS = (
    ["*"]
    if DEMO or TESTING
    else env.hosts("ALLOWED_HOSTS", BASE_HOST.split(":")[0], production=PRODUCTION)
)
ALLOWED_HOSTS = ["*"]
#: Where merchants' own domains lead: the name for their CNAME, and fixed addresses for those that
#: cannot have one.
PAGES_HOST = (env.text("PAGES_HOST") or BASE_HOST.split(":")[0]).lower().rstrip(".")
PAGES_ADDRESSES = env.addresses("PAGES_ADDRESSES")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
#: How many proxies in front of us set X-Forwarded-For; 0 trusts none.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0, most=10)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "operations.collected.CollectedFiles",
    "django.contrib.postgres",
    "anymail",
    "django_htmx",
    "django_rls_tenants",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "merchants",
    "carriers",
    "edd",
    "inbox",
    "help_texts",
    "tracking",
    "selling",
    "stores",
    "notifications",
    "helpdesk",
    "storefront_pages",
    "dashboard",
    "api",
    "hooks",
    "operations",
    *(["demo"] if DEMO or TESTING else []),
]

MIDDLEWARE = [
    "operations.access_log.AccessLog",
    "storefront_pages.domains.MerchantDomains",
    "storefront_pages.own_path.OwnPath",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "merchants.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "libraries": {"lucide": "lib.icons"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- PostgreSQL -----------------------------------------------------------------
_local = read_addresses("tests" if TESTING else "demo")
DATABASE_URL = env.text("DATABASE_URL") or (_local.database_url if _local else "")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL") or (
    _local.database_owner_url if _local and not env.text("DATABASE_URL") else DATABASE_URL
)
_UNSET = "postgresql://homeward_app@localhost/homeward"
DATABASES = {"default": env.database("DATABASE_URL", DATABASE_URL or _UNSET)}
APPLICATION_ROLE = DATABASES["default"]["USER"]
#: The command that migrates logs in as the owner: `manage.py migrate` swaps this into DATABASES.
OWNER_DATABASE = env.database("DATABASE_OWNER_URL", DATABASE_OWNER_URL or _UNSET)
if (DEMO or DEBUG) and not TESTING:
    env.refuse_for_others(
        "DEMO" if DEMO else "DEBUG",
        base_url=BASE_URL,
        database_host=str(DATABASES["default"]["HOST"]),
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

RLS_TENANTS = {
    "TENANT_MODEL": "merchants.Merchant",
    "TENANT_FK_FIELD": "merchant",
    "TENANT_PK_TYPE": "bigint",
    "USE_LOCAL_SET": True,
    "STRICT_MODE": True,
}

# --- Redis protocol: broker, cache, limits ----------------------------------------
REDIS_URL = env.redis_url("REDIS_URL", _local.redis_url if _local else "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = REDIS_URL

# --- people -----------------------------------------------------------------------
AUTH_USER_MODEL = "merchants.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
#: Whether strangers may make an account and a shop of their own, and whom to ask where not.
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", default=not PRODUCTION)
SIGNUP_CONTACT = env.text("SIGNUP_CONTACT")
LOGIN_URL = "/app/login/"
LOGIN_REDIRECT_URL = "/app/"
LOGOUT_REDIRECT_URL = "/app/login/"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE and env.flag("SSL_REDIRECT", default=True)
#: Asked from inside, past the proxy that speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^internal/"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
#: Browsers' preload lists bind a whole domain for years: for its owner to ask, not for us.
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Forms need an Origin that can be checked, which no-referrer would hide; pages with a token in
# their address send no-referrer themselves.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# --- languages ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / ".homeward" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING or DEMO
WHITENOISE_AUTOREFRESH = False
#: Every page asks for the names with a hash; the others would be collected for nobody.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
if WHITENOISE_USE_FINDERS:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is collected, WhiteNoise looks anyway

# --- e-mail -------------------------------------------------------------------------
EMAIL_BACKEND = env.mail_backend(
    "EMAIL_BACKEND",
    "demo.mailbox.MailboxBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend",
    production=PRODUCTION,
)
DEFAULT_FROM_EMAIL = env.sender(
    "DEFAULT_FROM_EMAIL", "Homeward <updates@homeward.example>", production=PRODUCTION
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.whole("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 20
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS (STARTTLS) and EMAIL_USE_SSL exclude each other.")
if bool(EMAIL_HOST_USER) != bool(EMAIL_HOST_PASSWORD):
    raise ImproperlyConfigured("EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together.")
#: Settings of the django-anymail provider, e.g. ANYMAIL_MAILGUN_API_KEY in the environment.
#: Providers post receipts to /anymail/<provider>/tracking/ with "user:password" as Basic auth.
ANYMAIL_WEBHOOK_SECRET = env.text("ANYMAIL_WEBHOOK_SECRET")
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value
    for name, value in os.environ.items()
    if name.startswith("ANYMAIL_")
}

#: Replies to our mails go to reply+…@ this domain, whose mail the provider posts to
#: /anymail/<provider>/inbound/. Empty: to the shop's support address.
INBOUND_EMAIL_DOMAIN = env.text(
    "INBOUND_EMAIL_DOMAIN", "reply.homeward.example" if DEMO else ""
).lower()
if INBOUND_EMAIL_DOMAIN and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", INBOUND_EMAIL_DOMAIN):
    raise ImproperlyConfigured("INBOUND_EMAIL_DOMAIN must be a domain's name.")
if PRODUCTION and INBOUND_EMAIL_DOMAIN and not ANYMAIL_WEBHOOK_SECRET:
    raise ImproperlyConfigured("INBOUND_EMAIL_DOMAIN is set, ANYMAIL_WEBHOOK_SECRET is not.")

# --- SMS and WhatsApp: Twilio ---------------------------------------------------------
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN")
#: Senders: a number in E.164, a registered name, or a messaging service ("MG…"). Without one
#: the channel is not offered.
TWILIO_SMS_FROM = env.text("TWILIO_SMS_FROM")
TWILIO_WHATSAPP_FROM = env.text("TWILIO_WHATSAPP_FROM")
#: Another address only in the demonstration and in tests, where a local server plays Twilio.
TWILIO_API_URL = env.text("TWILIO_API_URL", "https://api.twilio.com").rstrip("/")
#: Whether WhatsApp messages that open a conversation need an approved template. They do, but for
#: an account whose readers have joined Twilio's sandbox.
WHATSAPP_NEEDS_TEMPLATE = env.flag("WHATSAPP_NEEDS_TEMPLATE", default=not TESTING)
#: Meta's webhooks about templates, at /hooks/templates/meta/: the app's secret, and the word that
#: its form asks for.
META_APP_SECRET = env.text("META_APP_SECRET")
META_VERIFY_TOKEN = env.text("META_VERIFY_TOKEN")
#: Other addresses only where a local server plays these.
ALIMTALK_API_URL = env.text("ALIMTALK_API_URL", "https://api-alimtalk.cloud.toast.com").rstrip("/")
LINE_API_URL = env.text("LINE_API_URL", "https://api.line.me").rstrip("/")
#: Resolvers that are asked about merchants' domains, "192.0.2.1:53, …"; empty: the system's.
DNS_SERVERS = env.text("DNS_SERVERS")
if TWILIO_ACCOUNT_SID and not TWILIO_AUTH_TOKEN:
    raise ImproperlyConfigured("TWILIO_ACCOUNT_SID is set, TWILIO_AUTH_TOKEN is not.")

# --- web push -------------------------------------------------------------------------
#: Our key for push services: 32 bytes in URL-safe base64. Browsers that subscribed know its
#: other half, so keep it. Make one with: openssl rand -base64 32 | tr '+/' '-_' | tr -d =
WEBPUSH_PRIVATE_KEY = env.text("WEBPUSH_PRIVATE_KEY").rstrip("=")
if WEBPUSH_PRIVATE_KEY and not re.fullmatch(r"[\w-]{43}", WEBPUSH_PRIVATE_KEY):
    raise ImproperlyConfigured("WEBPUSH_PRIVATE_KEY must be 32 bytes in URL-safe base64.")
#: Whom a push service writes to when we misbehave: mailto: or https:.
WEBPUSH_SUBJECT = env.text("WEBPUSH_SUBJECT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")

# --- messages -------------------------------------------------------------------------
#: Seconds after which another worker believes that the sender of a message died. Longer than any
#: provider's time-out: a sender that lives and is merely slow must not be taken for dead.
MESSAGE_CLAIM_SECONDS = env.number("MESSAGE_CLAIM_SECONDS", 300, least=1 if TESTING else 60)
#: Connections that one worker opens to one account, by channel: MESSAGES_AT_ONCE_EMAIL=2 for a
#: mail server that refuses more.
MESSAGES_AT_ONCE = {
    channel: env.whole(f"MESSAGES_AT_ONCE_{channel.upper()}", 8, least=1, most=100)
    for channel in env.family("MESSAGES_AT_ONCE_")
}
#: Messages a second through the operator's own account, by channel, where its provider sets a
#: limit: MESSAGES_PER_SECOND_SMS=1 for one long number.
MESSAGES_PER_SECOND = {
    channel: env.number(f"MESSAGES_PER_SECOND_{channel.upper()}", 0.0, least=0.01)
    for channel in env.family("MESSAGES_PER_SECOND_")
}

# --- stores -----------------------------------------------------------------------
#: Our own apps on the platforms by platform, as `stores.shop.App` takes them: merchants connect
#: through them, and a secret of theirs signs their webhooks, app-wide ones included.
_store_app_ids = env.family("STORE_APP_ID_")
_store_hook_secrets = env.family("STORE_HOOK_SECRET_")
_store_app_listings = env.family("STORE_APP_LISTING_")
STORE_APPS = {
    platform: (
        _store_app_ids.get(platform, ""),
        secret,
        _store_hook_secrets.get(platform, ""),
        _store_app_listings.get(platform, ""),
    )
    for platform, secret in env.family("STORE_APP_SECRET_").items()
}
#: Another address of a platform, only in the demonstration and in tests: a local server plays it.
STORE_API_URLS = env.family("STORE_API_URL_") if DEMO or TESTING else {}
#: `host:port` of shops that a local server plays, which has no certificate.
PLAYED_SHOPS = frozenset(env.names("OUTBOUND_ALLOW")) if DEMO or TESTING else frozenset()

# --- polling --------------------------------------------------------------------------
#: Multiplies every polling interval; the demonstration lives faster than a warehouse.
POLL_INTERVAL_FACTOR = env.number("POLL_INTERVAL_FACTOR", 1.0, least=0.0001, most=100)
#: Stretches what is decided by likelihood, not the promise of half an hour: fewer calls a day.
POLL_PRESSURE = env.number("POLL_PRESSURE", 1.0, least=0.05, most=20)
#: A lane or service that fewer merchants have used teaches nobody else about silence.
POOL_FEWEST_MERCHANTS = env.whole("POOL_FEWEST_MERCHANTS", 3, least=1, most=20)
#: How long the raw bodies of carriers' answers are kept that brought news.
RAW_ANSWER_DAYS = env.number("RAW_ANSWER_DAYS", 30, least=1, most=3650)
#: Seconds between two looks at the due queues.
TICK_SECONDS = env.number("TICK_SECONDS", 10.0, least=0.2, most=300)
#: An order younger than this may still come by its webhook: finding it recovers nothing.
HOOK_GRACE_SECONDS = env.number("HOOK_GRACE_SECONDS", 120.0, least=0, most=3600)
#: Where the sandbox carrier listens; empty outside demo and tests.
SANDBOX_URL = env.text("SANDBOX_URL")

# --- the API -----------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.authentication.HasApiKey"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Cursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.handler",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Homeward API",
    "DESCRIPTION": "Orders in, parcels and dates out. Every request needs "
    "`Authorization: Bearer <key>`; a key belongs to one merchant.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "WEBHOOKS": "api.webhook_events.WEBHOOKS",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.order_for_apps.add_order_for_apps",
    ],
}

# --- metrics ------------------------------------------------------------------------------
#: Who asks for /metrics must know it; without one, only direct callers of a private network may.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 20 characters.")

# --- logs: route names, never paths with tokens, never bodies -------------------------------
_level = env.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
#: One line for every request and task.
_each = _level if env.flag("ACCESS_LOG", default=PRODUCTION) else "WARNING"
_format = env.log_format()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "lib.logs.Line"},
        "json": {"()": "lib.logs.JsonLine"},
    },
    "filters": {"without_path": {"()": "lib.logs.WithoutPath"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": _format},
        "requests": {
            "class": "logging.StreamHandler",
            "formatter": _format,
            "filters": ["without_path"],
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "homeward": {"level": _level},
        "homeward.requests": {"level": _each},
        "homeward.tasks": {"level": _each},
        # It logs URLs, which may hold tracking numbers or tokens.
        "httpx": {"level": "CRITICAL"},
        "twilio": {"level": "CRITICAL"},
        # It logs what a failed task's error said; operations.task_log says it without.
        "celery.app.trace": {"level": "CRITICAL"},
        # These know the address, which may hold a token: only the route is written.
        "django.security": {"handlers": ["requests"], "propagate": False},
        "django.request": {"handlers": ["requests"], "level": "ERROR", "propagate": False},
    },
}
