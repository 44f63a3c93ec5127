"""Who may read what on the timeline; other nouns say so of their own kinds of happening."""

from crm.accounts.roles import TEAM, grant

# What the team wrote down, and what was changed from what into what (which holds old addresses).
grant("timeline.notes", TEAM)
grant("timeline.changes", TEAM)
