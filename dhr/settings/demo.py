"""The demo: invented people, one-click sign-in, loopback only. Never for a real review."""

from .base import *
from .base import VAR, database, env

DEMO = True
SECRET_FILE = VAR / "secret_key"
SECRET_KEY = SECRET_FILE.read_text() if SECRET_FILE.exists() else "made-by-the-demo-command-before-it-serves"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DATABASES = {"default": database()}
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # notices are read in the outbox page
TEAM_PHONE = env.text("DHR_TEAM_PHONE", "0151 496 0123")  # a number kept for drama: it rings nowhere
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost, for the demo alone
