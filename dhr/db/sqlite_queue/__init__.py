"""Django's SQLite engine with a queue for writers: base.py says why."""
