"""Forms: of the door (signing in), and of the people pages."""
