"""Count anew what is kept of contacts for filters; for after a repair by hand, else the services keep it."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.contacts.facets import rebuild_facets


class Command(BaseCommand):
    help = "Count anew when people were heard and invited and what they attended."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_facets()} contacts put right")
