"""How far a long command is: a bar on a terminal, a plain line now and then anywhere else."""

from __future__ import annotations

from typing import Any

WIDTH = 40
EVERY = 10  # per cent between plain lines


class Progress:
    """Called with how many are done, of how many."""

    def __init__(self, out: Any, what: str) -> None:
        self._out = out
        self._what = what
        self._draws = bool(getattr(out, "isatty", lambda: False)())
        self._said = -1

    def __call__(self, done: int, of: int) -> None:
        percent = 100 * done // of if of else 100
        if self._draws:
            filled = WIDTH * percent // 100
            self._out.write(f"\r[{'#' * filled}{' ' * (WIDTH - filled)}] {done} of {of} {self._what}", ending="")
            if done >= of:
                self._out.write("")
        elif percent // EVERY != self._said // EVERY or done >= of:
            self._said = percent
            self._out.write(f"{done} of {of} {self._what}")
