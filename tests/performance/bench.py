"""`make bench`: how fast a step and the lists are, as ratios, on SQLite and on PostgreSQL side by side in one run.

python -m tests.performance.bench     with DHR_DATABASE naming a PostgreSQL (make bench starts one); SQLite needs nothing
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from .ratios import RATIOS, Ratio

MEASURE = "import django; django.setup(); from tests.performance.one_database import main; main()"


def measured(environment: dict[str, str]) -> dict[str, dict[str, float]]:
    """The measurements of one database, from a process of its own."""
    environment = environment | {"DJANGO_SETTINGS_MODULE": "tests.performance.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def table(title: str, names: list[str], results: dict[str, Any], what: str, unit: str) -> None:
    print(f"\n{title}")
    print(f"  {'':44}" + "".join(f"{database:>14}" for database in results))
    for name in names:
        print(f"  {name:44}" + "".join(f"{results[one][what][name]:>11.1f} {unit:2}" for one in results))


def verdict(ratio: Ratio, results: dict[str, Any]) -> None:
    values = [ratio.of(results[database]["ms"]) for database in results]
    print(f"  {ratio.name:58}" + "".join(f"{value:>9.2f}" for value in values) + f"   {ratio.goal}")


def main() -> int:
    if not os.environ.get("DHR_DATABASE"):
        print("DHR_DATABASE names no PostgreSQL. Run: make bench", file=sys.stderr)
        return 2
    embedded = {name: value for name, value in os.environ.items() if name != "DHR_DATABASE"}
    results = {"SQLite": measured(embedded), "PostgreSQL": measured(dict(os.environ))}
    names = list(results["SQLite"]["ms"])
    table("Milliseconds (median of 7 rounds, taken in turns)", names, results, "ms", "ms")
    table("Queries", list(results["SQLite"]["queries"]), results, "queries", "")
    print(f"\nRatios{'':54}{'SQLite':>9}{'Postgres':>9}   goal")
    for ratio in RATIOS:
        verdict(ratio, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
