"""A mail from the three templates that each kind of it has."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from engagement.mailings.kinds import Fields, Mail
from engagement.mailings.models import Message
from engagement.mailings.pages import unsubscribe_headers


def rendered(templates: str, message: Message, context: Mapping[str, Any], fields: Fields) -> Mail:
    """The mail of `templates` ("engagement/approvals/mail/approval") in the active language.

    A subject is one line, whatever its template breaks.
    """
    known = {**fields, **context, "site_name": settings.SITE_NAME, "language": message.language}
    subject = " ".join(render_to_string(f"{templates}.subject.txt", known).split())
    known = {"title": subject, **known, "subject": subject}
    return Mail(
        subject=subject,
        text=render_to_string(f"{templates}.txt", known),
        html=render_to_string(f"{templates}.html", known),
        headers=unsubscribe_headers(fields),
    )
