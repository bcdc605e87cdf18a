"""Plain Python, no Django: which kind of file this is, and what in it could do something. Nothing of a file is ever run."""
