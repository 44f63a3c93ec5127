"""What stands in the way of one row while the others go on."""


class RowRefused(Exception):
    """The row cannot be applied any more; the message says why."""
