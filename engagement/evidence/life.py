"""What the page of a statement offers of evidence."""

from django.utils.translation import gettext_lazy as _

from engagement.statements.life import Act, register_act

register_act(Act("evidence_link", _("Link to a part of the strategy"), "evidence.change"))
