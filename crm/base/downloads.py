"""An export as a download."""

import logging

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from crm.accounts.models import User
from crm.base.tables import Table
from crm.base.writers import Format

logger = logging.getLogger(__name__)


def download(content: bytes, *, name: str, suffix: str, content_type: str, user: User) -> HttpResponse:
    """The file; who took it out stands in the log, without whom it is about."""
    logger.info("User %s exported %s as %s, %s bytes", user.pk, name, suffix, len(content))
    moment = timezone.localtime().strftime("%Y-%m-%d-%H%M")
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}-{moment}.{suffix}"'
    response["Cache-Control"] = "no-store"
    return response


def as_download(table: Table, form: Format, *, user: User) -> HttpResponse:
    return download(
        form.write(table), name=table.name, suffix=form.suffix, content_type=form.content_type, user=user
    )
