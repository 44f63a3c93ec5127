from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Who we know")

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        import crm  # noqa: PLC0415
        from crm.base.happenings import FOLLOWERS  # noqa: PLC0415
        from crm.base.nouns import load_nouns  # noqa: PLC0415
        from crm.contacts import facets, indexing  # noqa: PLC0415
        from crm.duplicates import proposals  # noqa: PLC0415
        from crm.timeline import services as timeline  # noqa: PLC0415

        load_nouns(crm)
        # What follows from a happening, in this order.
        FOLLOWERS[:] = [timeline.follow, facets.follow, indexing.follow, proposals.follow]


class SettingsPagesConfig(AdminConfig):
    """Django's admin, for users, roles, themes and pillars only."""

    default_site = "crm.accounts.settings_site.SettingsSite"
