"""How the databases are driven: nothing here knows what is stored."""
