"""What is asked before something is done to a mailing that cannot be undone."""

from django.conf import settings
from django.shortcuts import get_object_or_404

from crm.accounts.access import StaffRequest
from crm.base.asking import Question
from engagement.mailings import services
from engagement.mailings.kinds import KINDS, CannotBeMade
from engagement.mailings.models import Mailing
from engagement.mailings.progress import counts_of

_FOLDER = "engagement/mailings"


def about_sending(request: StaffRequest, pk: int) -> Question | None:
    """Nothing where it cannot start, which the page then says, or was started already."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if not mailing.is_open or services.problems_of(mailing):
        return None
    people, gone = services.still_welcome(mailing)
    if not people:
        return None
    context = {
        "mailing": mailing,
        "kind": KINDS[mailing.kind],
        "number": len(people),
        "subject": _subject(mailing),
        "languages": [
            (name, number)
            for code, name in settings.LANGUAGES
            if (number := sum(one.language == code for one in people))
        ],
        "gone": list(gone.items())[: services.NAMED],
        "gone_count": len(gone),
        "delay": settings.SEND_DELAY,
    }
    return Question(f"{_FOLDER}/ask_send.html", mailing.get_absolute_url(), context, str(len(people)))


def _subject(mailing: Mailing) -> str:
    """As the first reader gets it; "" where no mail can be made for them."""
    reader = mailing.recipients.filter(included=True).select_related("contact", "mailing")[0]
    try:
        return KINDS[mailing.kind].render(services.preview(recipient=reader)).subject
    except CannotBeMade:
        return ""


def about_stopping(request: StaffRequest, pk: int) -> Question | None:
    mailing = get_object_or_404(Mailing, pk=pk)
    if mailing.state not in services.CAN_STOP:
        return None
    context = {"mailing": mailing, "counts": counts_of(mailing)}
    return Question(f"{_FOLDER}/ask_stop.html", mailing.get_absolute_url(), context)


def about_deleting(request: StaffRequest, pk: int) -> Question | None:
    mailing = get_object_or_404(Mailing.objects.counted(), pk=pk)
    if mailing.state != Mailing.State.DRAFT:
        return None
    return Question(f"{_FOLDER}/ask_delete.html", mailing.get_absolute_url(), {"mailing": mailing})
