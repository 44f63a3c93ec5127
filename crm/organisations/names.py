"""When two names are the same organisation."""

from crm.base.text import words

# "Gemeente Utrecht" is what people call "Utrecht"; "Provincie Utrecht" is another organisation.
_MUNICIPALITY = (["gemeente"], ["municipality", "of"], ["municipality"])
_LEGAL_FORMS = {"bv", "nv", "vof", "cv", "bvba", "gmbh", "ltd", "inc"}


def organisation_key(name: str) -> str:
    """What names are compared by: "Gemeente Hengelo (O.)" and "Hengelo (O)" are both "hengelo o".

    Folded words without a leading "Gemeente" and a trailing legal form ("B.V."), unless nothing else is left.
    """
    parts = words(name.replace(".", "").replace("&", " en "))
    for prefix in _MUNICIPALITY:
        if parts[: len(prefix)] == prefix and len(parts) > len(prefix):
            parts = parts[len(prefix) :]
            break
    if len(parts) > 1 and parts[-1] in _LEGAL_FORMS:
        parts = parts[:-1]
    return " ".join(parts) or " ".join(name.casefold().split())
