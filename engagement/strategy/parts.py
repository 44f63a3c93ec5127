"""What belongs to a contact or organisation of the strategy: that they carry parts of it out."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.strategy.models import StrategyItem

declare(StrategyItem, "owner", called=_("parts of the strategy"))
declare(StrategyItem, "owner_contact", called=_("parts of the strategy"))
