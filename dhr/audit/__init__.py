"""What happened: the access log, append-only and provable, and the field changes recorded beside it."""
