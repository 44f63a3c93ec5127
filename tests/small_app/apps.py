"""An app that brings a noun of its own without a line changed in crm: coffees that were drunk with people."""

from django.apps import AppConfig


class SmallAppConfig(AppConfig):
    name = "tests.small_app"
    label = "small_app"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.base.nouns import load_nouns  # noqa: PLC0415 -- the nouns need the models
        from tests import small_app  # noqa: PLC0415

        load_nouns(small_app)
