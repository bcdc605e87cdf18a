"""What the house asks of its files: short, free of any machine's traces, and every dependency pinned with a reason."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 400
CODE = {".py", ".html", ".js", ".mjs", ".scss", ".css", ".sh"}
TEXT = CODE | {".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".cfg", ".ini", ".svg", ""}
# A folder of somebody's machine, and where packages come from: neither belongs into a file that others run.
TRACES = re.compile(
    r"/(?:home|Users|root|work|mnt)/\w|/opt/(?:pypi|wheels)|file:/{2}|--(?:extra-)?index-url|--find-lin[k]s|\"resolved\""
    r"|(?:registry|files|test|mirror)[.](?:npmjs|yarnpkg|pythonhosted)|pypi[.](?:org|io|python)"
)
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def files() -> list[Path]:
    """What is tracked, or would be if it were added now."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [ROOT / name for name in listed.split("\0") if name]
    assert len(found) > 20, "git lists hardly any file, so nothing would be checked"
    return [path for path in found if path.is_file()]


def too_long(path: Path) -> bool:
    if path.parent.name == "migrations":  # written by makemigrations, read by nobody
        return False
    return path.suffix in CODE and len(path.read_text().splitlines()) > LONGEST


def traces(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if TRACES.search(line):
            yield f"{number}: {line.strip()[:100]}"


def unpinned(text: str) -> list[str]:
    """Lines of a requirements file that are neither a pin, nor a hash, nor a comment; and pins without a hash."""
    wrong, lines = [], [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PIN.match(line):
            if not HASH.match(following):
                wrong.append(f"no hash: {line}")
        elif not HASH.match(line):
            wrong.append(line)
    return wrong


def pins(name: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (ROOT / name).read_text().splitlines())
    return {match["name"]: match["version"] for match in found if match}


def project() -> str:
    return (ROOT / "pyproject.toml").read_text()


def dependencies(text: str) -> list[str]:
    table = tomllib.loads(text)
    return [
        *table["project"]["dependencies"],
        *(each for group in table["dependency-groups"].values() for each in group),
    ]


def without_a_reason(text: str) -> list[str]:
    reasoned = set(re.findall(r'^    "([^"]+)",\s+# \S+ \S', text, flags=re.MULTILINE))
    return [dependency for dependency in dependencies(text) if dependency not in reasoned]


def test_no_file_of_code_is_longer_than_400_lines() -> None:
    assert [str(path.relative_to(ROOT)) for path in files() if too_long(path)] == []


def test_a_file_of_401_lines_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * (LONGEST + 1))
    (tmp_path / "enough.py").write_text("x = 1\n" * LONGEST)

    assert [too_long(tmp_path / "long.py"), too_long(tmp_path / "enough.py")] == [True, False]


def test_no_file_carries_a_path_of_a_machine_or_the_address_of_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{trace}"
        for path in files()
        if path.suffix in TEXT
        for trace in [*traces(path.read_text()), *([f"0: {ROOT}"] if str(ROOT) in path.read_text() else [])]
    ]

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "folder = '/{}/somebody/reviews'".format("home"),
        "sys.path.append('/{}/main')".format("work"),
        "--{}-url https://example.org/simple".format("index"),
        '"{}ed": "https://example.org/sass.tgz"'.format("resolv"),
        "https://{}.org/simple".format("pypi"),
        "https://registry.{}.org/sass".format("npmjs"),
    ],
)
def test_such_a_trace_would_be_found(planted: str) -> None:
    assert list(traces(f"first line\n{planted}\n")) == [f"2: {planted}"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_every_requirement_is_pinned_with_its_hashes(name: str) -> None:
    assert unpinned((ROOT / name).read_text()) == []


@pytest.mark.parametrize("planted", ["django>=5.2 \\", "django==5.2.19", "-r other.txt", "django==5.2.19 \\"])
def test_a_requirement_that_is_not_would_be_found(planted: str) -> None:
    assert unpinned(f"# why\n{planted}\n") != []


def test_the_tests_run_on_exactly_what_is_served() -> None:
    served, tested = pins("requirements.txt"), pins("requirements-dev.txt")

    assert served
    assert {name: tested.get(name) for name in served} == served


def test_every_dependency_has_a_reason_and_a_pin() -> None:
    names = {re.split(r"[\[<>=]", dependency)[0] for dependency in dependencies(project())}

    assert without_a_reason(project()) == []
    assert names - set(pins("requirements-dev.txt")) - set(pins("requirements-bench.txt")) == set()


def test_a_dependency_without_a_reason_would_be_found() -> None:
    text = (
        '[project]\ndependencies = [\n    "one",  # says why it is here\n    "two",\n]\n[dependency-groups]\ndev = []\n'
    )

    assert without_a_reason(text) == ["two"]
