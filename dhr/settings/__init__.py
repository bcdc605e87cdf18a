"""Settings: base, and what differs in the demo, in production and in the tests."""
