"""Who may take statements out in files that other programs read."""

from crm.accounts.roles import TEAM, Role, grant

# Statements as they may leave the core team.
grant("exchange.released", TEAM)
# With the notes they were taken from, and who said them.
grant("exchange.whole", frozenset({Role.CORE_TEAM}))
