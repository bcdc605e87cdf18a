"""Commands of the sealed store."""
