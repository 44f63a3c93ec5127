"""How mailings that somebody wrote read on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register

# By the kind of the mailing.
SENT = {
    "announcement": register(Kind("composition.announcement", "send", "mail", _("Announcement: %(title)s"))),
    "newsletter": register(Kind("composition.newsletter", "send", "mail", _("Newsletter: %(title)s"))),
    "feedback": register(Kind("composition.feedback", "send", "mail", _("Feedback: %(title)s"))),
    "service": register(Kind("composition.service", "send", "mail", _("Practical notice: %(title)s"))),
}
