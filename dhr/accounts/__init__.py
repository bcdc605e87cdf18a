"""People: who they are, how they sign in, their standing roles, and the notices they are sent."""
