"""How a changed preference reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.preferences.models import Purpose
from crm.timeline.kinds import EntryKind, register

_PHRASES = {
    Purpose.INVITATION: (_("Wants invitations"), _("Wants no more invitations")),
    Purpose.REMINDER: (_("Wants reminders"), _("Wants no reminders")),
    Purpose.NEWSLETTER: (_("Wants the newsletter"), _("Wants no newsletter")),
    Purpose.INTERVIEW: (_("May be asked for an interview"), _("Wants no interview")),
    Purpose.FEEDBACK: (_("Wants to hear what became of it"), _("Wants no feedback messages")),
    Purpose.SERVICE: (_("Wants messages about events"), _("Wants no messages about events")),
}


def kind_name(purpose: str, allowed: bool) -> str:
    return f"preference.{purpose}.{'yes' if allowed else 'no'}"


for _purpose, (_yes, _no) in _PHRASES.items():
    register(EntryKind(kind_name(_purpose, True), "bell", "change", _yes, by_person=True))
    register(EntryKind(kind_name(_purpose, False), "bell-off", "change", _no, by_person=True))

TAKEN_BACK = register(
    EntryKind("preference.taken_back", "undo-2", "change", _("An answer about mail was taken back by %(by)s"))
)
