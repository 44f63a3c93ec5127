"""How telling somebody what became of their words reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register

TOLD = register(
    Kind("feedback.told", "send", "mail", _("Told what became of what was said"), capability="feedback.send")
)
