"""The demo: invented people and invented reviews, made by walking the real use cases. Nothing here is about anybody real."""
