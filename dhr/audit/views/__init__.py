"""The auditor's pages: what happened, never what was read."""
