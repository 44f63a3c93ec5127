"""Who may do what with decisions."""

from crm.accounts.roles import EVERYBODY, TEAM, grant

grant("decisions.view", EVERYBODY)
grant("decisions.change", TEAM)
