"""What can go wrong in the vault. Each carries one plain sentence, never a name, a text or a key."""


class VaultError(Exception):
    """The vault refused or failed; the message says what to do."""


class NoReceipt(VaultError):
    """Nothing in the access log says that this person opens this: no line, no key."""


class Damaged(VaultError):
    """What is stored is not what was sealed here: changed, cut short, moved from elsewhere, or gone."""


ROW_CHANGED = "What is stored about this paper was changed. Restore it from a backup."


class KeyMissing(VaultError):
    """The key was destroyed or is not in the key folder."""


class VaultUnavailable(VaultError):
    """The keys or the store cannot be used as they are now: not made yet, readable by others, disk full."""
