from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dhr.accounts"
    label = "accounts"
    verbose_name = "people"

    def ready(self) -> None:
        from dhr.govuk import navigation

        from . import menu, sign_in  # noqa: F401 - sign_in listens from here on

        navigation.register(menu.items)
