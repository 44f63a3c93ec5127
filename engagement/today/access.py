"""The first entry of the menu, for everybody who has an account."""

from django.utils.translation import gettext_lazy as _

from crm.base.menu import MenuEntry, register_entry

register_entry(MenuEntry("today", ("today",), "sun", _("Today"), "", 10, in_front=True))
