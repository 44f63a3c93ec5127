from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Who we know")


class SettingsPagesConfig(AdminConfig):
    """Django's admin, for users, roles, themes and pillars only."""

    default_site = "crm.accounts.settings_site.SettingsSite"
