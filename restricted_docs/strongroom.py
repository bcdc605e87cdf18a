"""This deployment's vault, built from the settings.

keys/root.json      root keyring, where settings.ROOT_KEY is "file"      keys/recovery.json   who holds shares of the recovery key
keys/containers/    one file a container, the same in settings.KEY_COPY: in no backup that keeps yesterday
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
from .vault.keyfolder import KeyFolder
from .vault.rootkeys import KeyringFile, RootKind, Roots
from .vault.roots.briefly import Briefly
from .vault.roots.kms import KmsRoot
from .vault.roots.pkcs11 import Pkcs11Root
from .vault.roots.transit import TransitRoot
from .vault.vault import Vault

# The containers that every deployment has. Their keys are sealed under these ids: frozen.
PARTNERSHIP = uuid5(NAMESPACE_URL, "urn:dhr:container:partnership")
CHAIRS_REGISTER = uuid5(NAMESPACE_URL, "urn:dhr:container:chairs-register")
KINDS = ("file", "transit", "kms", "pkcs11")


def vault() -> Vault:
    """The vault of this deployment, one per process. Raises VaultUnavailable until its keys are made."""
    return _vault(Path(settings.VAR), settings.KEY_COPY, settings.ROOT_KEY)


def container_keys() -> ContainerKeyFiles:
    """The container keys themselves, for who changes or erases them. Raises VaultUnavailable."""
    return _containers(Path(settings.VAR))


def root() -> Roots:
    """The root key that wraps, and those that are set besides it. Raises VaultUnavailable."""
    return _root(Path(settings.VAR), settings.ROOT_KEY)


def recovery_file() -> Path:
    """Where the public half of the recovery key stands."""
    return _keys(Path(settings.VAR)) / "recovery.json"


def reset() -> None:
    """Forget the vault, so that the next one is built from the files as they are then."""
    _vault.cache_clear()
    _root.cache_clear()


def make_keys() -> None:
    """Make the folders and keys that are missing; what exists is never replaced, so running it again is safe.

    Raises VaultUnavailable when container keys are there and what they depend on is not: that needs a backup.
    """
    var = Path(settings.VAR)
    for folder in (_keys(var), _keys(var) / "containers", var / "papers", *_copies()):
        make_folder(folder)
    deployment = _keys(var) / "deployment"
    used = bool(KeyFolder(_keys(var) / "containers").containers())
    if used and not (deployment.exists() and (settings.ROOT_KEY != "file" or _keyring(var).exists())):
        raise VaultUnavailable(
            "There are container keys, but the root keyring or the deployment's id is gone. Restore the keys folder."
        )
    if not used:
        make_root()
    if not deployment.exists():
        write_once(deployment, f"{uuid4()}\n".encode())
    for container in (PARTNERSHIP, CHAIRS_REGISTER):
        _containers(var).ensure(container)
    _containers(var).complete_copy()


def make_root() -> None:
    """Make the root key where this service is the one that makes it: the keyring file, and a token's first key.

    A key service's keys are made there, by who looks after it. Raises VaultUnavailable where there is none to use.
    """
    var = Path(settings.VAR)
    if settings.ROOT_KEY == "file" and not _keyring(var).exists():
        KeyringFile.create(_keyring(var))
    if settings.ROOT_KEY == "pkcs11":
        token = _kind("pkcs11", var)
        try:
            token.current_id()
        except VaultUnavailable:
            token.renew()
    root().current_id()


@lru_cache(maxsize=1)
def _vault(var: Path, _copy: str, _root_key: str) -> Vault:
    return Vault(deployment=_deployment(var), containers=_containers(var), blobs=BlobFiles(var / "papers"))


def _keys(var: Path) -> Path:
    return var / "keys"


def _keyring(var: Path) -> Path:
    return _keys(var) / "root.json"


def _copies() -> list[Path]:
    return [Path(settings.KEY_COPY)] if settings.KEY_COPY else []


def _containers(var: Path) -> ContainerKeyFiles:
    deployment, root = _deployment(var), _root(var, settings.ROOT_KEY)
    root.current_id()  # a root key that cannot be used stops us here, not at the first paper
    return ContainerKeyFiles(
        _keys(var) / "containers",
        root,
        deployment=deployment,
        copy=next(iter(_copies()), None),
        recovery_file=_keys(var) / "recovery.json",
    )


@lru_cache(maxsize=1)
def _root(var: Path, chosen: str) -> Roots:
    """The root that is set, and any other that is set as well: what it wrapped before opens until it is wrapped anew."""
    if chosen not in KINDS:
        raise VaultUnavailable(f"DHR_ROOT_KEY must be one of {', '.join(KINDS)}.")
    others = [kind for kind in KINDS if kind != chosen and _is_set(kind, var)]
    return Roots(_kind(chosen, var), *(_kind(kind, var) for kind in others))


def _is_set(kind: str, var: Path) -> bool:
    if kind == "file":
        return _keyring(var).exists()
    return bool(next(iter(settings.ROOT_KEY_AT[kind].values())))


def _kind(kind: str, var: Path) -> RootKind:
    if kind == "file":
        return KeyringFile(_keyring(var))
    at = dict(settings.ROOT_KEY_AT[kind])
    if kind == "transit":
        return Briefly(TransitRoot(token_file=Path(at.pop("token_file")), **at))
    if kind == "kms":
        return Briefly(KmsRoot(**at))
    return Pkcs11Root(pin_file=Path(at.pop("pin_file")), **at)


def _deployment(var: Path) -> UUID:
    try:
        return UUID((_keys(var) / "deployment").read_text().strip())
    except (OSError, ValueError):
        raise VaultUnavailable(
            "This deployment has no keys, or they cannot be read. docs/runbooks/install.md says how to make them."
        ) from None
