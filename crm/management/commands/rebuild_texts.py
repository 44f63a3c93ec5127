"""Recompute what texts are found by; the release step does so, since a version may stem words differently."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.texts.services import rebuild_texts


class Command(BaseCommand):
    help = "Recompute what texts are found by."

    def handle(self, *args: Any, **options: Any) -> None:
        found = rebuild_texts()
        if options["verbosity"]:
            self.stdout.write(f"{found} documents")
