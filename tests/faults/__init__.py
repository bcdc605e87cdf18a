"""Faults put into the middle of real requests: nothing sealed is served without a committed line."""
