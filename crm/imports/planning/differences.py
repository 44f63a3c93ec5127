"""What a row adds to what is known of a person, field by field: {field: [old, new]}.

Of addresses, numbers and organisations `old` is the list of those that are known; of the first two `new` is
a list as well, of what is added.
"""

from typing import Any

from crm.contacts.models import Affiliation
from crm.imports.columns.values import Values
from crm.imports.planning.known import ADDRESS_FIELDS, PERMISSIONS, Job, Known, phones_of, tags_by_key

Changes = dict[str, list[Any]]
_NAMES = ("given_name", "initials", "external_id", *ADDRESS_FIELDS)


def differences(known: Known, values: Values, organisation: str, *, fill_only: bool) -> Changes:
    """`organisation` is the key of where the row says that they work. `fill_only` adds what is missing and
    overwrites nothing: for a later row of the same person, or because somebody chose so.

    Names are only filled in. A "no" always counts, a "yes" never replaces a "no", dates only move forward.
    """
    return {
        **_names(known, values, fill_only=fill_only),
        **_addresses(known, values),
        **_job(known.jobs.get(organisation), known, values, fill_only=fill_only),
        **_themes(known, values),
        **_tags(known, values),
        **_permissions(known, values),
        **_last_spoken(known, values),
    }


def learn(known: Known, values: Values, organisation: str, changes: Changes) -> None:
    """Note in `known` what `changes` will have done, so that later rows are compared with that."""
    for part in known.name:
        if part in changes:
            known.name[part] = changes[part][1]
    known.emails += [email for email in _emails(values) if email not in known.emails]
    known.phones += new_phones(known, values)
    if organisation:
        job = known.jobs.setdefault(organisation, Job(values["organisation"]))
        job.texts |= {name: changes[name][1] for name in Affiliation.TEXTS if name in changes}
        job.sector = changes.get("sector", [None, job.sector])[1]
    known.themes |= set(values["themes"])
    known.tags |= _new_tags(known, values)
    known.permissions |= {name: changes[name][1] for name in PERMISSIONS if name in changes}
    known.last_spoken = max(known.last_spoken, values["last_spoken"])


def is_refused_yes(known: Known, values: Values) -> bool:
    """Whether the row says yes to something that the person said no to."""
    return any(values[name] is True and known.permissions.get(name) is False for name in PERMISSIONS)


def _names(known: Known, values: Values, *, fill_only: bool) -> Changes:
    changes: Changes = {}
    for part in _NAMES:
        old, new = known.name.get(part, ""), values.get(part, "")
        if new and new != old:
            overwrites = part in ADDRESS_FIELDS and not fill_only and old != "own"
            if not old or overwrites:
                changes[part] = [old, new]
    return changes


def _emails(values: Values) -> list[str]:
    return [email for email in (values["email"], *values.get("other_emails", [])) if email]


def _addresses(known: Known, values: Values) -> Changes:
    changes: Changes = {}
    if added := [email for email in _emails(values) if email not in known.emails]:
        changes["email"] = [known.emails.copy(), added]
    new = new_phones(known, values)
    for kind in dict(new):
        old, added = ([number for one, number in phones if one == kind] for phones in (known.phones, new))
        changes[kind] = [old, added]
    return changes


def new_phones(known: Known, values: Values) -> list[tuple[str, str]]:
    """A number that is known under the other kind is no new one."""
    numbers = {number for _kind, number in known.phones}
    return [(kind, number) for kind, number in phones_of(values) if number not in numbers]


def _job(job: Job | None, known: Known, values: Values, *, fill_only: bool) -> Changes:
    if not values["organisation"]:
        return {}
    changes: Changes = {}
    if job is None:
        before = [old.organisation for old in known.jobs.values()]
        changes["organisation"] = [before, values["organisation"]]
    told = {**job.texts, "sector": job.sector} if job else {}
    for part in (*Affiliation.TEXTS, "sector"):
        old, new = told.get(part, ""), values[part]
        if new and new != old and (not old or not fill_only):
            changes[part] = [old, new]
    return changes


def _themes(known: Known, values: Values) -> Changes:
    added = set(values["themes"]) - known.themes
    return {"themes": [sorted(known.themes), sorted(known.themes | added)]} if added else {}


def _new_tags(known: Known, values: Values) -> dict[str, str]:
    return {key: name for key, name in tags_by_key(values["tags"]).items() if key not in known.tags}


def _tags(known: Known, values: Values) -> Changes:
    if not (added := _new_tags(known, values)):
        return {}
    before = list(known.tags.values())
    return {"tags": [before, [*before, *added.values()]]}


def _permissions(known: Known, values: Values) -> Changes:
    changes: Changes = {}
    for name in PERMISSIONS:
        old, new = known.permissions.get(name), values[name]
        if new is not None and new != old and old is not False:
            changes[name] = [old, new]
    return changes


def _last_spoken(known: Known, values: Values) -> Changes:
    later = values["last_spoken"] > known.last_spoken
    return {"last_spoken": [known.last_spoken, values["last_spoken"]]} if later else {}
