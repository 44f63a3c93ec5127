from django.contrib import admin

from crm.accounts.settings_site import SettingsModelAdmin
from crm.themes.models import Theme


@admin.register(Theme)
class ThemeSettings(SettingsModelAdmin):
    list_display = ["name_nl", "name_en", "position"]
    prepopulated_fields = {"slug": ["name_nl"]}
