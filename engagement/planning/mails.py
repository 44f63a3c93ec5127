"""The mail that tells members of the team whom they are to interview.

It goes to colleagues, not to somebody of the outbox: no preference and no link to stop it belong to it.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from crm.accounts.models import User
from engagement.planning.board import Board, Row


def send_lists(*, board: Board, to: Iterable[User]) -> list[User]:
    """Send each of these what stands on the board for them; return those whose mail no server took."""
    return [user for user in to if not _send(user, board.of(user))]


def _send(user: User, rows: Sequence[Row]) -> bool:
    with translation.override(user.language):
        subject, text = mail_about(rows)
    try:
        send_mail(subject, text, None, [user.email])
    except OSError:
        return False
    return True


def mail_about(rows: Sequence[Row]) -> tuple[str, str]:
    """(subject, text) in the active language."""
    subject = ngettext("%(n)s conversation for you", "%(n)s conversations for you", len(rows)) % {
        "n": len(rows)
    }
    context = {"rows": rows, "base_url": settings.BASE_URL}
    return subject, render_to_string("engagement/planning/list.txt", context)
