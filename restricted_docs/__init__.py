"""Sealed storage: the vault and the sealed text field below, documents and identities above."""
