"""Key services, started once for the unit tests that ask for them."""

import os

import pytest

from tests import key_services
from tests.unit.roots import PIN


@pytest.fixture(scope="session")
def bao():
    with key_services.openbao() as service:
        yield service


@pytest.fixture(scope="session")
def kms():
    with key_services.kms() as server:
        yield server


@pytest.fixture(scope="session")
def hsm(tmp_path_factory):
    """One token for the session: the library reads its configuration once a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    key_services.make_token(folder, "dhr", PIN)
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    (folder / "pin").write_text(PIN)
    yield folder
    os.environ.pop("SOFTHSM2_CONF") if before is None else os.environ.__setitem__("SOFTHSM2_CONF", before)


@pytest.fixture
def access_keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_services.Kms.identity)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key_services.Kms.secret)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
