"""Recompute what contacts are found by; for after a repair by hand, else the services keep it."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.contacts.indexing import rebuild_documents


class Command(BaseCommand):
    help = "Recompute what contacts are found by."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_documents()} contacts")
