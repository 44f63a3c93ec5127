"""Two people who change the same thing: the second one is told, and nothing is overwritten unseen.

A form carries a stamp: what the thing was when the form was opened. What it is when the form comes back is
compared with that.
"""

from collections.abc import Mapping

from django.core import signing

Picture = Mapping[str, str]
_SALT = "kwartet.conflicts"


class ChangedMeanwhile(Exception):
    """`diff` is {name: [as the form was opened, as it is now]}."""

    def __init__(self, diff: dict[str, list[str]]) -> None:
        super().__init__(", ".join(diff))
        self.diff = diff


def stamp_of(picture: Picture) -> str:
    """`picture` (name to value, in words) for a hidden field."""
    return signing.dumps(dict(picture), salt=_SALT, compress=True)


def check(stamp: str, now: Picture) -> None:
    """ChangedMeanwhile unless the thing is as it was. Who sends no stamp saw no form and is let through."""
    if not stamp:
        return
    try:
        then: dict[str, str] = signing.loads(stamp, salt=_SALT)
    except signing.BadSignature:
        return
    if diff := difference(then, now):
        raise ChangedMeanwhile(diff)


def difference(then: Picture, now: Picture) -> dict[str, list[str]]:
    """{name: [then, now]} of what differs, in the order of `then`."""
    return {name: [then[name], now[name]] for name in then if name in now and then[name] != now[name]}
