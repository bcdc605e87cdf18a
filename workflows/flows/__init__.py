"""The flows, one a file. Nodes are orders, gates are questions; names are stored and frozen."""
