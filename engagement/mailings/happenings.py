"""What happenings are about: a mailing."""

from crm.base.happenings import register_thing
from engagement.mailings.models import Mailing

register_thing("mailing", Mailing, capability="mailings.view")
