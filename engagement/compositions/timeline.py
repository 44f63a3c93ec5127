"""How mailings that somebody wrote read on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

# By the kind of the mailing.
SENT = {
    "announcement": register(
        EntryKind("composition.announcement", "send", "mail", _("Announcement: %(title)s"))
    ),
    "newsletter": register(EntryKind("composition.newsletter", "send", "mail", _("Newsletter: %(title)s"))),
    "feedback": register(EntryKind("composition.feedback", "send", "mail", _("Feedback: %(title)s"))),
    "service": register(EntryKind("composition.service", "send", "mail", _("Practical notice: %(title)s"))),
}
