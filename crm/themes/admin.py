from django.contrib import admin

from crm.accounts.settings_site import SettingsModelAdmin
from crm.themes.models import Tag, Theme


@admin.register(Theme)
class ThemeSettings(SettingsModelAdmin):
    list_display = ["name_nl", "name_en", "position"]
    prepopulated_fields = {"slug": ["name_nl"]}


@admin.register(Tag)
class TagSettings(SettingsModelAdmin):
    """Renaming one renames it everywhere; removing one takes it from everybody."""

    list_display = ["name"]
    search_fields = ["name", "key"]
