"""The law as data and small functions. Imports no Django: tested in milliseconds."""
