"""How dates are written here, by language."""
