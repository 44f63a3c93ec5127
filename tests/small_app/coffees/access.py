"""Nobody sees coffees but where a test lets them, so that no other page changes."""

from crm.accounts.roles import grant
from crm.base.menu import ContactAction, MenuEntry, register_contact_action, register_entry

grant("coffees.view", frozenset())
register_entry(MenuEntry("small_app_coffees", ("coffee",), "sun", "Coffees", "coffees.view", 25))
register_contact_action(ContactAction("small_app_coffees", "plus", "Coffee", "coffees.view"))
