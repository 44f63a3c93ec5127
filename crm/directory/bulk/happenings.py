"""What happenings are about: a change of many."""

from crm.base.happenings import register_thing
from crm.directory.bulk.models import BulkAction

register_thing("bulk", BulkAction, capability="contacts.change")
