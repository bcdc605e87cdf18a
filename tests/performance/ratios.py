"""What the benchmark is read for: one number each, and the goal it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """How many times as long `this` takes as `that`."""

    name: str
    this: str
    that: str
    goal: str

    def of(self, milliseconds: Mapping[str, float]) -> float:
        return milliseconds[self.this] / milliseconds[self.that]


STEP, MAIL = "full step", "full step and its mail"
TEN = "10 or more"
RATIOS = (
    Ratio("full step / bare viewflow's step", STEP, "bare viewflow step", "1.0, up to 1.5 for now"),
    Ratio("the same with the mail that leaves behind it", MAIL, "bare viewflow step", ""),
    Ratio("full step / status and audit row", STEP, "status and audit row", "none: what the guarantees cost"),
    Ratio("plain row / log line (its speed as a part of the row's)", "plain row", "log line", "at least 0.5"),
    Ratio("check of the log / SHA-256 of the same bytes", "check of the log", "SHA-256 of its bytes", ""),
    Ratio("Your work at 2,000 / at 20", "Your work at 2,000", "Your work at 20", "flat: 1.0"),
    Ratio("review list at 2,000 / at 20", "review list at 2,000", "review list at 20", "flat: 1.0"),
    Ratio("page: Your work at 2,000 / at 20", "page: Your work at 2,000", "page: Your work at 20", "flat: 1.0"),
    Ratio("page: review list at 2,000 / at 20", "page: review list at 2,000", "page: review list at 20", "flat: 1.0"),
    Ratio("stock inbox's page / Your work's, at 2,000", "page: stock inbox at 2,000", "page: Your work at 2,000", TEN),
    Ratio("stock queue's page / Your work's, at 2,000", "page: stock queue at 2,000", "page: Your work at 2,000", TEN),
    Ratio(
        "stock list's page / review list's, at 2,000", "page: stock list at 2,000", "page: review list at 2,000", TEN
    ),
    Ratio("stock inbox / Your work, data only, at 2,000", "stock inbox at 2,000", "Your work at 2,000", TEN),
    Ratio("stock inbox and queue / Your work, data only", "stock inbox and queue at 2,000", "Your work at 2,000", TEN),
    Ratio("stock list / review list, data only, at 2,000", "stock list at 2,000", "review list at 2,000", TEN),
)
