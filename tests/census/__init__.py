"""The plaintext census as a test, and leaks planted for it to find."""
