"""This deployment's vault, built from `settings.VAR`.

keys/root.json      root keyring        keys/containers/   one file a container: back up apart, and briefly
keys/deployment     this deployment's id, sealed into everything        papers/   sealed papers
"""

from functools import lru_cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings

from .vault.blobs import BlobFiles
from .vault.containers import ContainerKeyFiles
from .vault.errors import VaultUnavailable
from .vault.files import make_folder, write_once
from .vault.rootkeys import KeyringFile
from .vault.vault import Vault

# The containers that every deployment has. Their keys are sealed under these ids: frozen.
PARTNERSHIP = uuid5(NAMESPACE_URL, "urn:dhr:container:partnership")
CHAIRS_REGISTER = uuid5(NAMESPACE_URL, "urn:dhr:container:chairs-register")


def vault() -> Vault:
    """The vault of this deployment, one per process. Raises VaultUnavailable until its keys are made."""
    return _vault(Path(settings.VAR))


def reset() -> None:
    """Forget the vault, so that the next one is built from the files as they are then."""
    _vault.cache_clear()


def make_keys() -> None:
    """Make the folders and keys that are missing; what exists is never replaced, so running it again is safe.

    Raises VaultUnavailable when container keys are there and what they depend on is not: that needs a backup.
    """
    var = Path(settings.VAR)
    for folder in (_keys(var), _keys(var) / "containers", var / "papers"):
        make_folder(folder)
    root, deployment = _keys(var) / "root.json", _keys(var) / "deployment"
    if not (root.exists() and deployment.exists()) and any((_keys(var) / "containers").iterdir()):
        raise VaultUnavailable(
            "There are container keys, but the root keyring or the deployment's id is gone. Restore the keys folder."
        )
    if not root.exists():
        KeyringFile.create(root)
    if not deployment.exists():
        write_once(deployment, f"{uuid4()}\n".encode())
    for container in (PARTNERSHIP, CHAIRS_REGISTER):
        _containers(var).ensure(container)


@lru_cache(maxsize=1)
def _vault(var: Path) -> Vault:
    return Vault(deployment=_deployment(var), containers=_containers(var), blobs=BlobFiles(var / "papers"))


def _keys(var: Path) -> Path:
    return var / "keys"


def _containers(var: Path) -> ContainerKeyFiles:
    deployment, root = _deployment(var), KeyringFile(_keys(var) / "root.json")
    root.current_id()  # a keyring that cannot be used stops us here, not at the first paper
    return ContainerKeyFiles(_keys(var) / "containers", root, deployment=deployment)


def _deployment(var: Path) -> UUID:
    try:
        return UUID((_keys(var) / "deployment").read_text().strip())
    except (OSError, ValueError):
        raise VaultUnavailable(
            "This deployment has no keys, or they cannot be read. docs/runbooks/install.md says how to make them."
        ) from None
