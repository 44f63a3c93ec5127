"""Making codes while one is coding."""

from collections.abc import Iterable

from crm.base.text import fold
from crm.imports.models import ImportBatch
from engagement.codes.models import Code


def codes_named(names: Iterable[str], *, batch: ImportBatch | None = None) -> list[Code]:
    """The codes with these names, in that order; those that are missing are made, at the top of the tree, for
    the import `batch` if there is one.

    ValidationError for what can be no name of a code.
    """
    wanted = list(names)
    there = {code.key: code for code in Code.objects.in_use().filter(key__in=set(map(fold, wanted)))}
    for name in wanted:
        if fold(name) not in there:
            Code(name=name).full_clean(exclude=["key"])
            # Somebody else may make it at this moment.
            made = {"name": name, "import_batch": batch}
            code, _new = Code.objects.get_or_create(key=fold(name), merged_into=None, defaults=made)
            there[code.key] = code
    return [there[fold(name)] for name in wanted]
