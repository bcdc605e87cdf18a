"""The tests: SQLite in a file by default, PostgreSQL when DHR_DATABASE names one; keys and papers in a folder of their own."""

import tempfile
from pathlib import Path
from typing import Any

from .base import *
from .base import env, postgresql, sqlite

VAR = Path(tempfile.mkdtemp(prefix="dhr-test-"))
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
_url = env.text("DHR_DATABASE", "")
DATABASES: dict[str, dict[str, Any]] = {"default": postgresql(_url) if _url else sqlite(VAR / "db.sqlite3")}
if not _url:  # in a file: in memory, threads and IMMEDIATE do not mix
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;"
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
TEAM_PHONE = "0151 496 0123"
