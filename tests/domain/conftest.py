"""The people of the use case tests, and a folder where a log of its own begins."""

from pathlib import Path
from typing import Any

import pytest

from dhr.audit import checkpoints, shipping
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path / "var"
    checkpoints.make_signing_key()
    shipping.forget_hour()
    return tmp_path
