"""What is wrong with what somebody wrote, in words for a person, saying which block."""

from collections.abc import Collection, Iterable, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.contacts.formality import VARIETIES, Formality, slips
from engagement.compositions import links
from engagement.compositions.markdown import has_broken_link, links_in
from engagement.compositions.models import LANGUAGES, Block, Composition
from engagement.mailings.models import Mailing

Kind = Block.Kind
_OTHER_FORM = gettext_lazy("“%(word)s” stands in a text that says “%(form)s”.")


def problems(mailing: Mailing) -> list[str]:
    """What keeps a mailing from starting."""
    composition = Composition.objects.with_content().filter(mailing=mailing).first()
    if composition is None:
        return [_("There is no text yet.")]
    blocks, read = list(composition.blocks.all()), languages_read(mailing)
    found = [] if blocks else [_("There is no block yet.")]
    found += [sentence for code in read for sentence in missing(composition, blocks, code)]
    for block in blocks:
        found += [_in_block(block, words) for words in _block_problems(block)]
    return found + _link_words(composition, blocks, links.problem_of)


def warnings(mailing: Mailing) -> list[str]:
    """What somebody may send all the same."""
    composition = Composition.objects.with_content().filter(mailing=mailing).first()
    if composition is None:
        return []
    blocks = list(composition.blocks.all())
    return slipped(composition, blocks) + _link_words(composition, blocks, links.warning_of)


def slipped(composition: Composition, blocks: Collection[Block]) -> list[str]:
    """Where the Dutch speaks to some of its readers in another form than the rest of their mail."""
    apart = composition.has_je_apart(blocks)
    found = [
        _("Subject: %(words)s") % {"words": words}
        for words in _slips(composition.subject_nl, composition.subject_nl_je, composition.formality, apart)
    ]
    for block in blocks:
        words_of = _slips(block.text_nl, block.text_nl_je, composition.formality, apart)
        found += [_in_block(block, words) for words in words_of]
    return found


def _slips(text: str, with_je: str, form: str, apart: bool) -> list[str]:
    found = [_OTHER_FORM % {"word": word, "form": form} for word in slips(text, form)]
    found += [_OTHER_FORM % {"word": word, "form": Formality.JE} for word in slips(with_je, Formality.JE)]
    if apart and not with_je and slips(text, Formality.JE):
        found.append(_("it says u, and nothing stands beside it for whom we call je."))
    return found


def languages_read(mailing: Mailing) -> list[str]:
    """By those who get it."""
    included = mailing.recipients.filter(included=True)
    read = set(included.values_list("contact__language", flat=True).distinct())
    return [code for code in LANGUAGES if code in read]


def languages_written(composition: Composition, blocks: Collection[Block]) -> list[str]:
    return [code for code in LANGUAGES if blocks and not missing(composition, blocks, code)]


def missing(composition: Composition, blocks: Iterable[Block], language: str) -> list[str]:
    """What a reader of this language would miss."""
    named = {"language": dict(settings.LANGUAGES)[language]}
    found = [] if composition.subject(language) else [_("There is no subject in %(language)s.") % named]
    silent = [block for block in blocks if not block.speaks(language) and not block.is_empty()]
    return found + [_in_block(block, _silence(block) % named) for block in silent]


def _silence(block: Block) -> str:
    if block.event is not None:
        return _("the event has no title in %(language)s.")
    return _("there is no text in %(language)s.")


def _block_problems(block: Block) -> list[str]:
    if block.is_empty():
        return [_("it is empty. Write something or remove it.")]
    if block.event is not None:
        return _event_problems(block)
    return link_problems(block)


def link_problems(block: Block) -> list[str]:
    """What a reader could not follow, by the way it is written."""
    broken = [has_broken_link(text) for text in marked_texts(block)]
    found = [_("A link is not written well: [words](https://…).")] if any(broken) else []
    return found + [word for url in addresses_in(block) if (word := links.spelling_problem(url))]


def _event_problems(block: Block) -> list[str]:
    event = block.event
    if event is None:
        return []
    if event.cancelled_at is not None:
        return [_("“%(title)s” is cancelled.") % {"title": event}]
    if event.has_started(timezone.now()):
        return [_("“%(title)s” has started already.") % {"title": event}]
    return []


def marked_texts(block: Block) -> list[str]:
    """Those of its texts in which a link can stand."""
    return [block.text(code) for code in VARIETIES] if block.kind in (Kind.TEXT, Kind.LIST) else []


def addresses_in(block: Block) -> list[str]:
    """Every address in it once."""
    found = [block.url] if block.url else []
    return list(dict.fromkeys(found + [url for text in marked_texts(block) for url in links_in(text)]))


def _link_words(composition: Composition, blocks: Sequence[Block], words_of: links.Judge) -> list[str]:
    """What the last look at the links says, as far as they still stand there."""
    checked = composition.link_checks
    return [
        _in_block(block, f"{url}: {words}")
        for block in blocks
        for url in addresses_in(block)
        if (words := words_of(checked.get(url, {}).get("answer", "")))
    ]


_NAMES = {
    Kind.HEADING: gettext_lazy("Block %(n)d (heading): %(words)s"),
    Kind.TEXT: gettext_lazy("Block %(n)d (text): %(words)s"),
    Kind.BUTTON: gettext_lazy("Block %(n)d (button): %(words)s"),
    Kind.EVENT: gettext_lazy("Block %(n)d (event): %(words)s"),
    Kind.LIST: gettext_lazy("Block %(n)d (list): %(words)s"),
}


def _in_block(block: Block, words: str) -> str:
    return str(_NAMES[Kind(block.kind)]) % {"n": block.position, "words": words}
