"""Plain Python, no Django: seal and open text and papers, wrap and destroy keys. Formats: docs/formats/vault-v1.md."""
