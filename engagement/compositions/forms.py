"""The shape of what somebody writes: two subjects, and blocks that can be moved about."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField, numbers_in
from crm.contacts.formality import Formality
from crm.preferences.models import Purpose
from engagement.compositions import checks
from engagement.compositions.mails import COMPOSED
from engagement.compositions.models import LONGEST_TEXT, MOST_BLOCKS, Block, Composition
from engagement.events.models import Event
from engagement.mailings.models import Recipient

Kind = Block.Kind
Row = dict[str, Any]
_TEXTS = ("text_nl", "text_nl_je", "text_en")
_FIELDS = ("kind", *_TEXTS, "url", "event")
# What is asked beside the kind.
_ASKED = {
    Kind.HEADING: _TEXTS,
    Kind.TEXT: _TEXTS,
    Kind.BUTTON: (*_TEXTS, "url"),
    Kind.EVENT: ("event",),
    Kind.LIST: _TEXTS,
}
_ON_ONE_LINE = (Kind.HEADING, Kind.BUTTON)
PREFIX = "blocks"


class NewForm(forms.Form):
    """To the people of a list (`to_list`) goes no practical notice: that is for participants of an event."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[(kind.name, kind.label) for kind in COMPOSED],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For yourselves; readers see the subject."),
    )

    def __init__(self, *args: Any, to_list: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to_list:
            kinds = [(one.name, one.label) for one in COMPOSED if one.purpose != Purpose.SERVICE]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class SubjectForm(StampedForm[Composition]):
    class Meta:
        model = Composition
        fields = ["formality", "subject_nl", "subject_nl_je", "subject_en"]
        widgets = {"formality": forms.RadioSelect}

    def picture(self) -> dict[str, str]:
        """The blocks too, each in its place; a place without one is "", so that one more is noticed."""
        blocks = [_in_words(block) for block in self.instance.blocks.all()]
        places = [*blocks, *[""] * (MOST_BLOCKS - len(blocks))]
        return {**super().picture(), **{f"block {n}": words for n, words in enumerate(places, start=1)}}

    def name_of(self, name: str) -> str:
        word, _space, number = name.partition(" ")
        return _("block %(n)s") % {"n": number} if word == "block" else super().name_of(name)


def _in_words(block: Block) -> str:
    texts = [block.text_nl, block.text_nl_je, block.text_en]
    parts = [block.get_kind_display(), *texts, block.url, str(block.event or "")]
    return " | ".join(part for part in parts if part)


class EventField(PickOneField):
    """Two sessions may have the same title; then the day tells."""

    def label_from_instance(self, event: Event) -> str:
        return f"{event} ({date_format(event.local_start, 'SHORT_DATE_FORMAT')})"


class BlockForm(forms.Form):
    """One block; `kind` was chosen when it was added and says which of the fields are there."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    text_nl = forms.CharField(label=gettext_lazy("In Dutch"), max_length=LONGEST_TEXT, required=False)
    text_nl_je = forms.CharField(
        label=gettext_lazy("The same with je"), max_length=LONGEST_TEXT, required=False
    )
    text_en = forms.CharField(label=gettext_lazy("In English"), max_length=LONGEST_TEXT, required=False)
    url = forms.CharField(
        label=gettext_lazy("Where it leads"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    event = EventField(label=gettext_lazy("Event"), queryset=Event.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # However a formset counts: a block that was not touched is one all the same.
        super().__init__(*args, **{**kwargs, "empty_permitted": False})
        self.block_kind = str(self["kind"].value() or "")
        asked = _ASKED.get(Kind(self.block_kind), ()) if self.block_kind in Kind.values else ()
        for name in {*_FIELDS} - {"kind", *asked}:
            del self.fields[name]
        if self.block_kind == Kind.EVENT:
            self._offer_events()
        for name in {*_TEXTS} & {*asked}:
            self._shape(self.fields[name])

    def _offer_events(self) -> None:
        """Those to come, and the one that is chosen already."""
        chosen = numbers_in([str(self["event"].value() or "")])
        upcoming = Event.objects.upcoming(timezone.now()).values("pk")
        offered = Event.objects.filter(pk__in=upcoming) | Event.objects.filter(pk__in=chosen)
        cast(EventField, self.fields["event"]).queryset = offered.order_by("starts_at", "pk")

    def _shape(self, field: forms.Field) -> None:
        if self.block_kind in _ON_ONE_LINE:
            field.widget = forms.TextInput(attrs={"maxlength": 150})
            cast(forms.CharField, field).max_length = 150
        else:
            field.widget = forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT})
        if self.block_kind == Kind.LIST:
            field.help_text = _("One item a line.")

    @property
    def kind_label(self) -> str:
        return str(Kind(self.block_kind).label) if self.block_kind in Kind.values else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in (*_TEXTS, "url"):
            if name in data:
                self._check(name)
        return data

    def _check(self, name: str) -> None:
        """What a reader could not follow is said beside the field in which it stands."""
        value = self.cleaned_data[name]
        filled = Block(kind=self.block_kind, **{name: value})
        for words in checks.link_problems(filled):
            self.add_error(name, words)

    def result(self) -> Block:
        return Block(**{name: self.cleaned_data[name] for name in _FIELDS if name in self.cleaned_data})


BlockFormSet = forms.formset_factory(
    BlockForm, extra=0, max_num=MOST_BLOCKS, absolute_max=MOST_BLOCKS, validate_max=True
)


def typed_rows(data: Mapping[str, Any]) -> list[Row]:
    """What stands in the fields of the blocks, whether it is right or not."""
    total = numbers_in([str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))])
    count = min(total[0], MOST_BLOCKS) if total else 0
    return [{name: data.get(f"{PREFIX}-{n}-{name}", "") for name in _FIELDS} for n in range(count)]


def typed_blocks(data: Mapping[str, Any]) -> list[Block]:
    """For a look at it; what is no block yet is left out."""
    rows = [row for row in typed_rows(data) if row["kind"] in Kind.values]
    events = Event.objects.in_bulk(numbers_in([str(row["event"]) for row in rows]))
    found = []
    for row in rows:
        number = numbers_in([str(row["event"])])
        event = events.get(number[0]) if number and row["kind"] == Kind.EVENT else None
        if event or row["kind"] != Kind.EVENT:
            found.append(Block(**{**row, "event": event}))
    return found


def rearranged(data: Mapping[str, Any]) -> tuple[list[Row], int] | None:
    """The rows after the button that adds, moves or removes one, and where the cursor goes.

    None when it was another button.
    """
    rows = typed_rows(data)
    if "again" in data:  # a draft that is shown once more
        return rows, len(rows) - 1
    if data.get("add") in Kind.values:
        added = [{"kind": data["add"]}] if len(rows) < MOST_BLOCKS else []
        return [*rows, *added], len(rows) + len(added) - 1
    for name, step in (("up", -1), ("down", 1), ("remove", 0)):
        number = numbers_in([str(data.get(name, ""))])
        if number and number[0] < len(rows):
            return _moved(rows, number[0], step)
    return None


def _moved(rows: list[Row], number: int, step: int) -> tuple[list[Row], int]:
    row = rows.pop(number)
    place = min(max(number + step, 0), len(rows))
    if step:
        rows.insert(place, row)
    return rows, min(place, len(rows) - 1)


class WritingForms:
    """Both parts as one: bound to `data`, or showing `rows` once more without judging them."""

    def __init__(
        self, composition: Composition, data: Mapping[str, Any] | None = None, rows: list[Row] | None = None
    ) -> None:
        if data is not None and rows is not None:
            typed = {name: data.get(name, "") for name in SubjectForm.Meta.fields}
            self.head = SubjectForm(instance=composition, initial=typed, stamp=str(data.get("stamp", "")))
            self.blocks = BlockFormSet(prefix=PREFIX, initial=rows)
        else:
            self.head = SubjectForm(data, instance=composition)
            initial = [_initial(block) for block in composition.blocks.all()]
            self.blocks = BlockFormSet(data, prefix=PREFIX, initial=initial)

    def is_valid(self) -> bool:
        # Both are asked, so that all errors are shown at once.
        valid = [part.is_valid() for part in (self.head, self.blocks)]
        return all(valid) and self._says_je_once()

    def _says_je_once(self) -> bool:
        """A second text stands beside one that says u only."""
        if self.head.cleaned_data["formality"] == Formality.U:
            return True
        twice = [form for form in self.blocks.forms if form.cleaned_data.get("text_nl_je")]
        for form in twice:
            form.add_error("text_nl_je", _("The text says je already. Leave this one empty."))
        return not twice

    def results(self) -> list[Block]:
        return [form.result() for form in self.blocks.forms]

    def focus(self, number: int) -> None:
        """The cursor goes where something was moved or added."""
        if 0 <= number < len(self.blocks.forms):
            fields = self.blocks.forms[number].fields
            name = next((name for name in fields if name != "kind"), None)
            if name:
                fields[name].widget.attrs["autofocus"] = True


def _initial(block: Block) -> Row:
    return {name: getattr(block, name) for name in _FIELDS}


class ProofForm(forms.Form):
    """In which language, and as whom, what is being written is shown; part of the same form on the page."""

    proof_language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False
    )
    proof_reader = forms.ChoiceField(label=gettext_lazy("As whom"), required=False)

    def __init__(self, *args: Any, readers: Iterable[Recipient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(reader.pk), str(reader.contact)) for reader in readers]
        field = cast(forms.ChoiceField, self.fields["proof_reader"])
        field.choices = [("", _("nobody in particular")), *people]
