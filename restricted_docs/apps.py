from typing import Any

from django.apps import AppConfig


class RestrictedDocsConfig(AppConfig):
    name = "restricted_docs"
    label = "restricted_docs"
    verbose_name = "documents"

    def ready(self) -> None:
        from dhr.access import grants
        from dhr.audit import fields
        from dhr.govuk import navigation
        from dhr.reviews import clear_words

        from . import menu, models
        from .grant_source import DocumentSource

        source: Any = DocumentSource()
        grants.register(source)
        navigation.register(menu.items)
        clear_words.register(clear_words.Kept("restricted_docs.Document.title", "the title of a document"))
        fields.watch(models.Document, ["kind", "audience", "marking", "released_at", "released_version"])
        fields.watch(models.Restriction, ["state", "paragraphs", "review_on", "decided_at"])
