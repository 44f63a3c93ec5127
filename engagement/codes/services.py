"""Making codes while one is coding."""

from collections.abc import Iterable

from crm.base.text import fold
from engagement.codes.models import Code


def codes_named(names: Iterable[str]) -> list[Code]:
    """The codes with these names, in that order; those that are missing are made, at the top of the tree.

    ValidationError for what can be no name of a code.
    """
    found = []
    for name in names:
        code = Code.objects.in_use().filter(key=fold(name)).first()
        if code is None:
            code = Code(name=name)
            code.full_clean(exclude=["key"])
            code.save()
        found.append(code)
    return found
