"""The design system's forms, template tags and server-drawn pictures. Knows nothing of reviews."""
