"""What each row of a list of organisations will do: by its code, else by its name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from crm.base.said import Said
from crm.exchange.cleaning import sector_of
from crm.exchange.said import OTHER_SECTORS
from crm.imports.columns.rows import RowReading
from crm.imports.columns.values import DETAILS, Values
from crm.imports.kinds import Planner
from crm.imports.models import ImportRow
from crm.imports.planning.known import tags_by_key
from crm.imports.planning.planned import PlannedRow
from crm.imports.said import BECOMES_ALIAS, NO_NAME, SAME_ORGANISATION
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key

Action = ImportRow.Action


@dataclass(eq=False, slots=True)
class KnownOrganisation:
    """`row` is the first row of this file that is this organisation."""

    name: str
    details: dict[str, str] = field(default_factory=dict)
    sectors: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    # By their key.
    tags: dict[str, str] = field(default_factory=dict)
    pk: int | None = None
    row: PlannedRow | None = None

    @property
    def external_id(self) -> str:
        return self.details["external_id"]


class OrganisationPlanner(Planner):
    """Decides row after row; it remembers the organisations of earlier rows."""

    def __init__(self) -> None:
        self._by_code: dict[str, KnownOrganisation] = {}
        self._by_key: dict[str, list[KnownOrganisation]] = defaultdict(list)
        self._loaded: set[int] = set()

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        """Fill in what each row does and why."""
        self._load(row.values for row, _reading in piece)
        for row, reading in piece:
            self._plan(row, reading)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        """Decide these once more, which gives what it gave before."""
        self._load(row.values for row in rows)
        for row in rows:
            self._plan(row, RowReading(row.values))

    def _load(self, every: Iterable[Values]) -> None:
        """The organisations of the database that the rows of this piece can be."""
        values = list(every)
        codes = {one["external_id"] for one in values if one["external_id"]}
        keys = {organisation_key(name) for one in values for name in (one["name"], *one["aliases"])}
        found = Organisation.objects.filter(
            Q(external_id__in=codes) | Q(key__in=keys) | Q(aliases__key__in=keys)
        )
        fresh = found.exclude(pk__in=self._loaded).distinct().order_by("pk")
        for organisation in fresh.prefetch_related("sectors", "aliases"):
            self._loaded.add(organisation.pk)
            self._add(_from_database(organisation))

    def _plan(self, row: PlannedRow, reading: RowReading) -> None:
        values = reading.values
        if not values["name"]:
            row.refuse(NO_NAME())
        elif too_long := reading.too_long():
            row.refuse(*too_long)
        elif known := self._find(values):
            reading.remarks = [said for said in reading.remarks if not _is_known(said, known)]
            self._known(row, known, values)
        else:
            self._new(row, values)

    def _known(self, row: PlannedRow, known: KnownOrganisation, values: Values) -> None:
        row.organisation_id = known.pk
        row.repeats = known.row
        row.changes = self._learn(known, values)
        self._explain(row, known)
        known.row = known.row or row

    def _new(self, row: PlannedRow, values: Values) -> None:
        row.action = Action.NEW
        known = KnownOrganisation(values["name"], {part: values.get(part, "") for part in DETAILS}, row=row)
        known.sectors = [values["sector"]] if values["sector"] else []
        known.tags = tags_by_key(values["tags"])
        known.keys = {organisation_key(name) for name in (values["name"], *values["aliases"])}
        self._add(known)

    def _add(self, known: KnownOrganisation) -> None:
        if known.external_id:
            self._by_code[known.external_id] = known
        for key in known.keys:
            if known not in self._by_key[key]:
                self._by_key[key].append(known)

    def _find(self, values: Values) -> KnownOrganisation | None:
        """By code; else by a name whose organisation has no other code."""
        code = values["external_id"]
        if code in self._by_code:
            return self._by_code[code]
        namesakes = self._by_key.get(organisation_key(values["name"]), [])
        return next((known for known in namesakes if not (code and known.external_id)), None)

    def _learn(self, known: KnownOrganisation, values: Values) -> dict[str, list[Any]]:
        changes: dict[str, list[Any]] = {}
        for part in DETAILS:
            if values.get(part) and not known.details[part]:
                changes[part] = ["", values[part]]
                known.details[part] = values[part]
        if values["sector"] and values["sector"] not in known.sectors:
            changes["sector"] = [known.sectors.copy(), [*known.sectors, values["sector"]]]
            known.sectors.append(values["sector"])
        names = {organisation_key(name): name for name in (values["name"], *values["aliases"])}
        if added := {key: name for key, name in names.items() if key not in known.keys}:
            changes["aliases"] = ["", sorted(added.values())]
            known.keys |= set(added)
        tags = tags_by_key(values["tags"])
        if new := {key: name for key, name in tags.items() if key not in known.tags}:
            changes["tags"] = [list(known.tags.values()), [*known.tags.values(), *new.values()]]
            known.tags |= new
        if changes:
            self._add(known)
        return changes

    def _explain(self, row: PlannedRow, known: KnownOrganisation) -> None:
        if row.changes:
            row.action = Action.CHANGED
        else:
            known_already = row.repeats is None or row.repeats.action == Action.SAME
            row.action = Action.SAME if known_already else Action.REPEATED
        if row.repeats:
            row.reason = [SAME_ORGANISATION(**row.repeats.place())]
        if "aliases" in row.changes:
            row.reason = [BECOMES_ALIAS(name=known.name)]


def _is_known(said: Said, known: KnownOrganisation) -> bool:
    """Whether it says that O's were left out which the organisation has already."""
    if said.code != OTHER_SECTORS.code:
        return False
    return {sector_of(part) for part in said.params["text"].split(";")} <= set(known.sectors)


def _from_database(organisation: Organisation) -> KnownOrganisation:
    aliases = {alias.key for alias in organisation.aliases.all()}
    return KnownOrganisation(
        name=organisation.name,
        details={part: getattr(organisation, part) for part in DETAILS},
        sectors=organisation.sector_list(),
        keys={organisation.key, *aliases},
        tags={tag.key: tag.name for tag in organisation.tags.all()},
        pk=organisation.pk,
    )
