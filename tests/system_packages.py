"""What the tests need from the operating system: Chromium, its fonts, PostgreSQL's server, a software security module, clamd.

    python -m tests.system_packages     as root on Debian or Ubuntu installs what is missing; elsewhere says what to do

Nothing is skipped for want of it: what is missing after this stops `make test`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.clamd import NoClamd, binary
from tests.postgres import NoPostgres, binaries

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
FONTS = Path("/usr/share/fonts/truetype")


def has_chromium() -> bool:
    return Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).exists()


def has_fonts() -> bool:
    """Fonts of known widths: without them a page's layout is not the one that people see."""
    return any(FONTS.glob("liberation*/*.ttf"))


def has_postgres() -> bool:
    try:
        binaries()
    except NoPostgres:
        return False
    return True


def has_softhsm() -> bool:
    return SOFTHSM.exists() and shutil.which("softhsm2-util") is not None


def has_clamd() -> bool:
    try:
        binary()
    except NoClamd:
        return False
    return True


NEEDS: dict[str, Callable[[], bool]] = {
    "chromium": has_chromium,
    "fonts-liberation": has_fonts,
    "postgresql": has_postgres,
    "softhsm2": has_softhsm,
    "clamav-daemon": has_clamd,
}


def missing() -> list[str]:
    return [package for package, is_here in NEEDS.items() if not is_here()]


def install(packages: list[str]) -> None:
    """Asks apt; a failure is reported by what is still missing afterwards."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=quiet, check=False)


def main() -> int:
    wanted = missing()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(wanted)} for the tests.", flush=True)
        install(wanted)
        wanted = missing()
    if not wanted:
        return 0
    print(
        f"The tests need {', '.join(wanted)}, and it is not on this machine.\n"
        f"On Debian or Ubuntu: sudo apt-get install {' '.join(wanted)}\n"
        "Elsewhere: install them and set CHROMIUM to the browser's path, PG_BIN to the folder that holds initdb, and CLAMD_BIN "
        "to clamd's path.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
