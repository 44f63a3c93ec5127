from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("What we do with them")

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        import engagement  # noqa: PLC0415
        from crm.base.nouns import load_nouns  # noqa: PLC0415

        load_nouns(engagement)
