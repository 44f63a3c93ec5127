"""What belongs to a contact or organisation of imports: rows remember whom they were about."""

from crm.base.parts import declare, declare_soft
from crm.contacts.models import Contact
from crm.imports.models import ImportRow

declare(ImportRow, "contact", on_merge="leave")
declare(ImportRow, "organisation", on_merge="leave")
declare_soft(ImportRow, "candidates", Contact, on_merge="leave")
