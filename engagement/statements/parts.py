"""What belongs to a contact or organisation of statements: that they spoke."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, declare
from engagement.statements.models import Speaker


def _one_speaker(journal: Journal, there: Speaker, coming: Speaker, columns: dict[str, int]) -> None:
    """Both spoke in the same conversation: what the one said is now said by the other."""
    for statement in coming.statements.all():
        journal.change(statement, speaker_id=there.pk)
    for response in coming.responses.all():
        journal.change(response, speaker_id=there.pk)
    journal.remove(coming)


declare(Speaker, "contact", clash=_one_speaker, called=_("conversations they spoke in"), page="writeup")
declare(Speaker, "organisation", called=_("conversations somebody spoke in"), page="writeup")
