from django.contrib import admin

from crm.accounts.settings_site import SettingsModelAdmin
from engagement.strategy.models import StrategyItem


@admin.register(StrategyItem)
class StrategyItemSettings(SettingsModelAdmin):
    list_display = ["code", "kind", "title_nl", "title_en"]
