"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from crm.accounts.roles import MATRIX, may


def frame(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, and `may`: the user's capabilities with "_" for ".", e.g. `may.contacts_change`."""
    user = getattr(request, "user", None)
    granted = {name.replace(".", "_"): True for name in MATRIX if user is not None and may(user, name)}
    return {"site_name": settings.SITE_NAME, "may": granted}
