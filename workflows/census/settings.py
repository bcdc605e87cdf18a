"""The deployment's own settings, pointed at a scratch deployment: its own folder, database, keys and post, and nothing else.

Only the process that workflows.census.scratch starts uses them: it says in the environment whose settings they are of,
and where the scratch is.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from dhr.settings import env

MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_of = import_module(env.text("DHR_CENSUS_OF"))
globals().update({name: getattr(_of, name) for name in dir(_of) if name.isupper()})

SCRATCH = Path(env.text("DHR_CENSUS_SCRATCH"))
CENSUS_DATABASE = env.text("DHR_CENSUS_DATABASE")
VAR = SCRATCH / "var"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = str(SCRATCH / "media")


def _scratch_of(real: dict[str, Any]) -> dict[str, Any]:
    """A database of the same kind with a name of its own, which does not exist yet: the real one is named nowhere."""
    name = str(VAR / "db.sqlite3") if "sqlite" in real["ENGINE"] else CENSUS_DATABASE
    return {**real, "NAME": name, "TEST": {"NAME": name}, "CONN_MAX_AGE": 0}


DATABASES = {"default": _scratch_of(_of.DATABASES["default"])}
# Keys of its own, in its own folder; no checkpoint and no letter leaves for where real ones go.
ROOT_KEY = "file"
ROOT_KEY_AT = {kind: dict.fromkeys(place, "") for kind, place in _of.ROOT_KEY_AT.items()}
KEY_COPY = ""
CHECKPOINT_SYSLOG, CHECKPOINT_EMAIL = "", ["checkpoints@example.org"]
CHECKPOINT_BUCKET: dict[str, Any] = {}
EMAIL_BACKEND = "workflows.census.post.CensusPost"
CLAMD = ""  # a scanner keeps what it scans in a folder of its own
DEMO = False
# Nothing is cached or stored where real things are: what would be kept there is kept in this process.
CACHES = {
    alias: {"BACKEND": MEMORY, "LOCATION": f"census-{alias}"} for alias in getattr(_of, "CACHES", {"default": {}})
}
SESSION_FILE_PATH = str(SCRATCH / "tmp")
# Static files are not what is looked at, and need not be collected for this.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # reads no folder when it starts
ADMINS = getattr(_of, "ADMINS", None) or [
    ("Nobody", "errors@census.example")
]  # whoever is told of errors is told of no form
