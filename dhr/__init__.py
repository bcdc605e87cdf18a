"""The domestic homicide review engine: the Django project and the review itself."""
