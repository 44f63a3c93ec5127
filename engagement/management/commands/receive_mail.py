"""`manage.py receive_mail < message`: the way in for a mail server on this machine.

Exit code 0 means dealt with, whatever it was; 75 (EX_TEMPFAIL of sysexits.h) asks to bring it again later.
"""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from engagement.inbox.services import TooEarly, receive

EX_TEMPFAIL = 75


class Command(BaseCommand):
    help = "Deal with one mail that came back, read from standard input."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        # Postfix's local(8) says so in the environment.
        known = os.environ.get("ORIGINAL_RECIPIENT") or os.environ.get("RECIPIENT", "")
        parser.add_argument("--recipient", default=known, help="the address that it came in for")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        try:
            mail = receive(raw=raw, recipient=options["recipient"])
        except (Error, TooEarly) as error:
            self.stderr.write(f"Bring it again later: {type(error).__name__}")
            sys.exit(EX_TEMPFAIL)
        self.stdout.write(f"{mail.kind}: {mail.effect}")
