"""What belongs to a contact of changes of many: rows remember whom they changed."""

from crm.base.parts import declare, declare_soft
from crm.contacts.models import Contact
from crm.directory.bulk.models import BulkAction, BulkActionRow

declare(BulkActionRow, "contact")
declare_soft(BulkAction, "filter", Contact, on_merge="leave")
