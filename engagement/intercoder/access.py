"""Who may have statements coded once more, and compare."""

from crm.accounts.roles import TEAM, grant

grant("intercoder.change", TEAM)
