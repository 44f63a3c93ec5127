"""Why what was typed cannot be a detail of an organisation, where rows of lists are told so as well."""

from django.utils.translation import gettext_lazy as _

from crm.base.said import sentence

NO_KVK_NUMBER = sentence("organisation.no_kvk_number", _("A KvK number has 8 digits."))
