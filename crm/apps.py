from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Kwartet: who we know"


class SettingsPagesConfig(AdminConfig):
    """Django's admin, for users, roles, themes and pillars only."""

    default_site = "crm.accounts.settings_site.SettingsSite"
