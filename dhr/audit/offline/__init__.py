"""The verifier that a stranger runs: one file of plain Python, written here in parts that can be read one at a time."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = ("ed25519", "faults", "notes", "package", "tree", "walk", "judge", "verify")


def one_file() -> str:
    """The parts as one file that needs nothing but Python's standard library: their imports first, then each part.

    The same parts give the same bytes, so that two people can compare what they were given.
    """
    imports: set[str] = set()
    texts = []
    words = ""
    for name in PARTS:
        source = (HERE / f"{name}.py").read_text()
        body = ast.parse(source).body
        words = ast.get_docstring(ast.parse(source), clean=False) or ""
        above = [one for one in body if isinstance(one, (ast.Import, ast.ImportFrom))]
        imports |= {line for one in above for line in _kept(one)}
        lines = source.splitlines()[max(one.end_lineno or 0 for one in above) :]
        texts.append(f"# ---- {words.splitlines()[0]}\n" + "\n".join(lines).strip("\n"))
    plain = sorted(line for line in imports if line.startswith("import "))
    named = sorted(line for line in imports if line.startswith("from "))
    head = ["from __future__ import annotations", "", *plain, *named]
    return f'"""{words}"""\n\n' + "\n".join(head) + "\n\n" + "\n\n\n".join(texts) + "\n"


def _kept(one: ast.Import | ast.ImportFrom) -> list[str]:
    """What of this import the one file needs: nothing of the parts, and the future once, at the top."""
    if isinstance(one, ast.Import):
        return [ast.unparse(one)]
    if one.level or one.module == "__future__":
        return []
    return [f"from {one.module} import {name.name}" for name in one.names]
