"""Who may note what people want to receive."""

from crm.accounts.roles import TEAM, grant

grant("preferences.change", TEAM)
