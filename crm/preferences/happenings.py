"""How a changed preference reads on the timeline."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register
from crm.preferences.models import Purpose

_PHRASES = {
    Purpose.INVITATION: (_("Wants invitations"), _("Wants no more invitations")),
    Purpose.REMINDER: (_("Wants reminders"), _("Wants no reminders")),
    Purpose.NEWSLETTER: (_("Wants the newsletter"), _("Wants no newsletter")),
    Purpose.INTERVIEW: (_("May be asked for an interview"), _("Wants no interview")),
    Purpose.FEEDBACK: (_("Wants to hear what became of it"), _("Wants no feedback messages")),
    Purpose.SERVICE: (_("Wants messages about events"), _("Wants no messages about events")),
}


def _kind(purpose: str, allowed: bool, phrase: Promise) -> Kind:
    name = f"preference.{purpose}.{'yes' if allowed else 'no'}"
    return register(Kind(name, "bell" if allowed else "bell-off", "change", phrase, by_person=True))


_ANSWERS = {
    (purpose.value, allowed): _kind(purpose.value, allowed, phrase)
    for purpose, (yes, no) in _PHRASES.items()
    for allowed, phrase in ((True, yes), (False, no))
}


def answer_kind(purpose: str, allowed: bool) -> Kind:
    return _ANSWERS[purpose, allowed]


TAKEN_BACK = register(
    Kind("preference.taken_back", "undo-2", "change", _("An answer about mail was taken back by %(by)s"))
)
