"""Where the thread begins in the menu; who may see it says engagement/strategy."""

from django.utils.translation import gettext_lazy as _

from crm.base.menu import MenuEntry, register_entry

register_entry(
    MenuEntry(
        "strategy_tree",
        ("strategy", "evidence", "decision"),
        "git-branch",
        _("Strategy"),
        "strategy.view",
        58,
    )
)
