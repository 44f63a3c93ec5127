"""The strategy of the demo: what people answered, what their sentences carry and what was decided."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from crm.accounts.models import User
from crm.base.tracking import keep
from crm.bodies.models import Body
from crm.organisations.models import Organisation
from engagement.approvals.services import Answer, mark_of, respond, take_words
from engagement.codes.models import Code
from engagement.decisions.models import Decision
from engagement.evidence.models import Evidence
from engagement.statements.models import Response, Speaker, Statement, Visibility
from engagement.strategy.models import StrategyItem

Kind, Outcome = Response.Kind, Evidence.Outcome
# Of a hundred who were asked so many answered; what they said of each sentence then.
_ANSWERED = 72
_SAID = [Kind.APPROVED] * 40 + [Kind.WITHDRAWN]
_RESTRICTED = [""] * 12 + [Visibility.ORGANISATION, Visibility.ORGANISATION, Visibility.SECTOR]
_OUTCOMES = [Outcome.ADOPTED] * 5 + [Outcome.PARTLY] * 3 + [Outcome.NOT_ADOPTED] * 2 + [Outcome.OPEN] * 2
_KINDS = [StrategyItem.Kind.PILLAR, StrategyItem.Kind.GOAL, StrategyItem.Kind.MEASURE]


def load_strategy(*, folder: Path, codes: Mapping[str, Code], by: User, seed: int) -> None:
    """All of it, from the fixtures in `folder`; the same seed gives the same. `codes` are by their keys."""
    data = json.loads((folder / "demo_strategy.json").read_text(encoding="utf-8"))
    chance = Random(f"strategy {seed}")  # noqa: S311 - for variety
    load_answers(data["corrections"], by, chance)
    items = load_items(data["pillars"])
    load_evidence(items, codes, by, chance)
    load_decisions(data["decisions"], {item.code: item for item, _row in items}, by)


def load_answers(corrections: Iterable[Mapping[str, Any]], by: User, chance: Random) -> None:
    """Most who spoke in a conversation answered by their link, and one in six told us; then some said it in
    other words.
    """
    for speaker in Speaker.objects.exclude(contact=None).order_by("pk").prefetch_related("statements"):
        if chance.randrange(100) < _ANSWERED:
            said = sorted(speaker.statements.all(), key=lambda one: one.pk)
            told = chance.randrange(6) == 0
            _respond(speaker, [_answer(one, chance) for one in said], by if told else None)
    for row in corrections:
        statement = Statement.objects.filter(passage__startswith=row["begins"]).order_by("pk")[0]
        if statement.speaker is not None:
            words, shown = row["words"], mark_of(statement.words)
            answer = Answer(statement.pk, shown, Kind.CORRECTED, statement.visibility, words)
            _respond(statement.speaker, [answer], None)
            if row.get("taken"):
                statement.refresh_from_db()
                take_words(statement=statement, response=statement.latest_response_id or 0, by=by)


def _answer(statement: Statement, chance: Random) -> Answer:
    visibility = chance.choice(_RESTRICTED) or statement.visibility
    return Answer(statement.pk, mark_of(statement.words), chance.choice(_SAID), visibility)


def _respond(speaker: Speaker, answers: Sequence[Answer], by: User | None) -> None:
    """By their link, or to `by` three days ago."""
    spoken_on = timezone.localdate() - timedelta(days=3) if by else None
    respond(speaker=speaker, answers=answers, recorded_by=by, spoken_on=spoken_on)


def load_items(pillars: Iterable[Mapping[str, Any]]) -> list[tuple[StrategyItem, Mapping[str, Any]]]:
    """Each part with the row that it came from, parents first."""
    owners = {one.name: one for one in Organisation.objects.all()}
    found: list[tuple[StrategyItem, Mapping[str, Any]]] = []
    _add_items(pillars, None, 0, owners, found)
    return found


def _add_items(
    rows: Iterable[Mapping[str, Any]],
    parent: StrategyItem | None,
    level: int,
    owners: Mapping[str, Organisation],
    found: list[tuple[StrategyItem, Mapping[str, Any]]],
) -> None:
    for number, row in enumerate(rows, 1):
        code = f"{parent.code}.{number}" if parent else str(number)
        values = {
            "kind": _KINDS[level],
            "parent": parent,
            "position": len(found) + 1,
            "title_nl": row["nl"],
            "title_en": row["en"],
            "text_nl": row["text_nl"],
            "text_en": row["text_en"],
            "owner": owners.get(row.get("owner", "")),
            "aspect": row.get("aspect", ""),
            "state": row.get("state", StrategyItem.State.ADOPTED),
            "progress": row.get("progress", 0),
            "starts_on": _day(row.get("starts")),
            "ends_on": _day(row.get("ends")),
            "stalled_since": _day(row.get("stalled")),
        }
        # The pillars are there already: they are reference data.
        item, _new = StrategyItem.objects.update_or_create(code=code, defaults=values)
        found.append((item, row))
        _add_items(row.get("goals", row.get("measures", ())), item, level + 1, owners, found)


def _day(ahead: int | None) -> date | None:
    return None if ahead is None else timezone.localdate() + timedelta(days=ahead)


def load_evidence(
    items: Iterable[tuple[StrategyItem, Mapping[str, Any]]],
    codes: Mapping[str, Code],
    by: User,
    chance: Random,
) -> None:
    """What fits the rules of each measure; see `carried` in the fixture."""
    spoken = Statement.objects.exclude(latest_response__kind=Kind.WITHDRAWN).order_by("pk")
    statements = list(spoken.select_related("speaker", "latest_response").prefetch_related("codes"))
    keys = {key: code.pk for key, code in codes.items()}
    new = [
        _evidence(statement, item, row["reasons"], by, chance)
        for item, row in items
        for statement in _fitting(row.get("carried", ()), statements, keys)
    ]
    stored = Evidence.objects.bulk_create(new)
    keep(Evidence, [one.pk for one in stored], "+", by=by)


def _fitting(
    rules: Iterable[Mapping[str, Any]], statements: Sequence[Statement], keys: Mapping[str, int]
) -> list[Statement]:
    found: dict[int, Statement] = {}
    for rule in rules:
        fitting = [one for one in statements if _fits(rule, one, keys)]
        if rule.get("one_organisation"):
            counted = Counter(one.speaker.organisation_id for one in fitting if one.speaker)
            most = max((key for key in counted if key), key=lambda key: (counted[key], -key))
            fitting = [one for one in fitting if one.speaker and one.speaker.organisation_id == most]
        found.update((one.pk, one) for one in fitting[: rule.get("most")])
    return list(found.values())


def _fits(rule: Mapping[str, Any], statement: Statement, keys: Mapping[str, int]) -> bool:
    if "begins" in rule:
        return statement.passage.startswith(tuple(rule["begins"]))
    wanted = {keys[name] for name in rule["codes"]}
    return (
        any(code.pk in wanted for code in statement.codes.all())
        and statement.stance in rule.get("stances", [statement.stance])
        and ("sectors" not in rule or statement.speaker is not None)
        and (
            statement.speaker is None
            or statement.speaker.sector in rule.get("sectors", [statement.speaker.sector])
        )
        and rule.get("approved", statement.is_approved) == statement.is_approved
    )


def _evidence(
    statement: Statement, item: StrategyItem, reasons: Mapping[str, Any], by: User, chance: Random
) -> Evidence:
    """With a reason unless it is open; now and then nobody put that into English yet."""
    outcome = chance.choice(_OUTCOMES)
    dutch, english = chance.choice(reasons.get(outcome, [["", ""]]))
    if chance.randrange(12) == 0:
        english = ""
    return Evidence(
        statement=statement, item=item, outcome=outcome, reason_nl=dutch, reason_en=english, linked_by=by
    )


def load_decisions(rows: Iterable[Mapping[str, Any]], items: Mapping[str, StrategyItem], by: User) -> None:
    bodies = {one.name_nl: one for one in Body.objects.all()}
    partners = {one.name: one for one in Organisation.objects.all()}
    for row in rows:
        decision = Decision.objects.create(
            decided_on=timezone.localdate() + timedelta(days=row["day"]),
            body=bodies.get(row.get("body", "")),
            organisation=partners.get(row.get("organisation", "")),
            text_nl=row["nl"],
            text_en=row["en"],
            recorded_by=by,
        )
        decision.items.set([items[code] for code in row["items"]])
