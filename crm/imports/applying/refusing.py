"""What stands in the way of one row while the others go on."""

from crm.base.said import Said


class RowRefused(Exception):
    """The row cannot be applied any more; `said` is why."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said
