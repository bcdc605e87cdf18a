"""Where hostile files are parsed: a process of its own, without keys, files or network, that asks for bytes over a pipe."""
