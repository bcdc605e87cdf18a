"""The benchmark's own tables: bare viewflow with its own task and process models, and a plain status with an audit row."""

from django.apps import AppConfig


class BareConfig(AppConfig):
    name = "tests.performance"
    label = "bare"
