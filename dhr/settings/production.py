"""A real deployment. Everything that must differ comes from the environment; what is missing stops the start."""

from urllib.parse import urlsplit

from .base import *
from .base import DHR_URL, database, env

SECRET_KEY = env.text("DHR_SECRET_KEY")
_url = urlsplit(DHR_URL)
ALLOWED_HOSTS = [_url.hostname or ""]
CSRF_TRUSTED_ORIGINS = [f"{_url.scheme}://{_url.netloc}"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
DATABASES = {"default": database()}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_HOST = env.text("DHR_EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("DHR_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("DHR_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("DHR_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("DHR_EMAIL_TLS", False)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
