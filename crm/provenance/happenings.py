"""How being told where the data come from reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register

TOLD = register(Kind("provenance.told", "info", "change", _("Was told where the data come from")))
NOT_TOLD = register(
    Kind("provenance.not_told", "info", "change", _("Was not told after all where the data come from"))
)
