"""`manage.py load_reference`: roles, themes and pillars; run again, it brings the first two up to date."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from crm.accounts.roles import create_groups
from crm.themes.models import Theme
from engagement.strategy.models import StrategyItem


class Command(BaseCommand):
    help = "Load the roles, themes and pillars."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        data = json.loads((settings.BASE_DIR / "fixtures" / "reference.json").read_text(encoding="utf-8"))
        create_groups()
        for position, theme in enumerate(data["themes"]):
            Theme.objects.update_or_create(
                slug=theme["slug"],
                defaults={"name_nl": theme["nl"], "name_en": theme["en"], "position": position},
            )
        if not StrategyItem.objects.exists():  # what a team made of them stays
            for position, pillar in enumerate(data["pillars"], 1):
                StrategyItem.objects.create(
                    kind=StrategyItem.Kind.PILLAR,
                    position=position,
                    code=pillar["code"],
                    title_nl=pillar["nl"],
                    title_en=pillar["en"],
                )
        self.stdout.write("Roles, themes and pillars are loaded.")
