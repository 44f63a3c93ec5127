"""What must not stand in a log: tokens, which open somebody's answer or preferences."""

import logging
import re

# The public pages: answer, preferences and unsubscribe (engagement/public/urls.py).
_TOKEN = re.compile(r"(/[apu]/)[^/\s]+")


class HideTokens(logging.Filter):
    """Django logs the path of every answer of 400 and above; the token in it becomes "…"."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_TOKEN.sub(r"\1…", str(argument)) for argument in record.args)
        return True
