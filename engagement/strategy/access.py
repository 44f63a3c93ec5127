"""Who may do what with the strategy; engagement/thread shows it."""

from crm.accounts.roles import EVERYBODY, TEAM, grant

grant("strategy.view", EVERYBODY)
grant("strategy.change", TEAM)
