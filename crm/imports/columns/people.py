"""What stands in a cell for a name besides one person: several of them, nobody yet, an office, a function."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from crm.base.said import Said
from crm.base.text import fold, words
from crm.contacts.infixes import is_infix, straighten
from crm.contacts.splitting import form_of_address_in, split_titles
from crm.exchange.cleaning import plain_cell
from crm.imports.said import COMPANY, JOB_IN_NAME, NOT_IN_NAME, OFFICE, SEVERAL_NAMES, VACANCY

_VACANCY = re.compile(
    r"(?:open |openstaande )?(?:vacature|vacant|vacante|vacancy|opvolger)\b.*|x|\W+"
    r"|(?:\W*(?:n\.? ?n\.?(?: ?b\.?)?|n\.? ?t\.? ?b\.?"
    r"|t\.? ?b\.? ?[acdn]\.?"
    r"|(?:nog|nader) (?:niet )?(?:onbekend|bekend|te \w+|in te vullen|open)"
    r"|(?:naam )?volgt(?: nog)?|wordt (?:nog )?(?:ingevuld|benoemd|gezocht)|nog niet \w+|nog geen \w+"
    r"|opvolg(?:er|ing)"
    r"|te (?:benoemen|bepalen|werven)|in te vullen|onbekend|unknown|niet (?:ingevuld|bezet)|onbezet|leeg"
    r"|to be (?:announced|decided|determined|confirmed|appointed|filled)|niemand|nobody|wisselend|openstaand"
    r"|not yet \w+|no (?:name|contact|contact person)|geen(?: contact(?:persoon)?)?|x{2,}"
    r"|(?:open|lege|leeg|empty) (?:plek|plaats|positie|zetel|stoel|functie|vacature|seat|position"
    r"|chair))\W*)+"
    r"(?:\(.*\)|(?:- |functie |voor |per |sinds |vanaf |since |from ).*)?"
)
_OFFICES = (
    r"\w*secretariaat|\w*secretariaten|secretariat|receptie|reception|balie|front ?office|back ?office"
    r"|service ?desk|help ?desk|info|informatie|algemeen|administratie|\w+administratie|klantenservice"
    r"|klantcontactcentrum|meldkamer|redactie|postkamer|directie|bestuur|communicatie|personeelszaken|huisvesting"
    r"|\w+(?:bureau|kantoor|loket|team|commissie|afdeling|punt)|postbus|mailbox|noreply|no reply"
    r"|gemeenteraad|inkoop|office|studentenzaken|griffie|boekhouding|crediteuren"
)
# Names of people too, or words that go on as one: an office only where they stand alone.
_OFFICES_ALONE = (
    r"management|management ?team|secretary|mt|team|staf|staff|board|kabinet|bode|bodedienst"
    r"|persdienst|persvoorlichting|pers"
    r"|voorlichting|planning|sales|verkoop|marketing|support|hr|hrm|p en o|p o|human resources"
    r"|finance|financien"
    r"|ict|it|beveiliging|facilitair|facilitaire zaken|ondersteuning|medewerkers|collega s|leden|bewoners"
    r"|ondernemers|raad|college|gemeentebestuur|customer service|general enquiries|enquiries|contact|crew"
)
_OFFICE = re.compile(
    rf"(?:(?:algemeen|dagelijks|centraal|de|het|the|general) )*(?:{_OFFICES})(?: .*)?"
    rf"|(?:(?:de|het|the|our|ons) )?(?:{_OFFICES_ALONE})"
    r"|(?:aan )?(?:de |het |the )?(?:college|raad|kabinet|board|team|bewoners|leden|office)(?: (?:van"
    r"|der|of|for|voor) .*)?"
    r"|(?:de |het |the )?(?:afd|afdeling|team|bureau|cluster|dienst|vakgroep|faculteit|department"
    r"|werkgroep|algemene) .*"
)
_JOBS = (
    r"[\w-]*(?:directeur|directrice|voorzitter|manager|adviseur|coordinator|leider|medewerker|medewerkster|docent"
    r"|lector|hoogleraar|rector|decaan|secretaris|griffier|wethouder|burgemeester|gedeputeerde|penningmeester"
    r"|bestuurder|eigenaar|ondernemer|oprichter|onderzoeker|commissaris|raadslid|statenlid|bestuurslid"
    r"|ambtenaar|makelaar|strateeg|regisseur|assistent|consultant|director|professor of|officer|president"
    r"|chairman|chairwoman|chair|founder|owner|lecturer|alderman|mayor|inspecteur|controller|jurist|architect"
    r"|dijkgraaf|heemraad|kwartiermaker|aanjager|woordvoerder|conservator|curator|intendant|notaris|trainer|coach"
    r"|analist|specialist|planner|inkoper|verkoper|redacteur|ingenieur|technicus|verpleegkundige|huisarts|arts"
    r"|planoloog|accountant|promovendus|student|stagiair|teamlead|beheerder|hoofd|lid|staatssecretaris|minister|secretaresse|vennoot|oprichtster|eigenaresse|leidster|coordinatrice|econoom"
    r"|ontwikkelaar|developer|engineer|designer|ontwerper|scientist|researcher|teacher|leraar|lerares|adviser"
    r"|advisor|adviseuse|boekhouder|administrateur|administrator|treasurer|journalist|fotograaf|advocaat|raadsheer"
    r"|wijkagent|chef|partner|psycholoog|therapeut|apotheker|chirurg|vrijwilliger|initiatiefnemer|aandeelhouder"
    r"|receptionist|receptioniste|telefonist|telefoniste|wetenschapper|ambassadeur|commandant|redactrice"
    r"|freelancer|zzp er|postdoc|promovenda|schrijver|rechter|officier|ondernemster|bestuurster)"
)
_JOB = re.compile(rf"(?:{_JOBS}|ceo|cfo|cto|coo|cio|cvb|rvt|rvb)\b.*")
_ONE_JOB = re.compile(rf"{_JOBS}|ceo|cfo|cto|coo|cio")
# Words that stand in a list of functions and are names of people as well.
_ALSO_NAMES = {"student", "president", "lid", "hoofd", "minister", "chair", "architect", "decaan"}
_ALSO_NAMES |= {"schrijver", "rechter", "partner", "officier", "chef", "coach"}
# In front of a function or behind a name: somebody does it for a while.
_ACTING = {
    "wnd.",
    "wnd",
    "waarnemend",
    "plv.",
    "plv",
    "plaatsvervangend",
    "interim",
    "a.i.",
    "b.d.",
    "tijdelijk",
}
# What a function can be of, in capitals as a name is.
_FIELDS = {"HR", "HRM", "ICT", "IT", "P&O", "R&D", "EZ", "RO", "MKB", "PR", "B2B", "GGD", "CvB", "RvB"}
# A sign that points to a note below the list.
_NOTE = re.compile(r"\s*(?:[*†‡#]+|\(\*+\))\s*$")
_COLON = re.compile(r"(.+?)\s*:\s+(.+)")
# What some put behind their name, with or without brackets.
_PRONOUNS = re.compile(
    r"[\s,(|-]*\b((?:she|he|they|zij|ze|hij|hem|hen|die)\s?/\s?(?:her|him|them|they|haar|hem|hun|diens|hen|die)s?"
    r"(?:\s?/\s?\w+)?)\b[)\s]*",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r".*\b(?:b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|gmbh|ltd|limited|inc|llc|plc|corp|\w*stichting|\w*vereniging"
    r"|\w*cooperatie|\w*corporatie|gemeente|provincie|ministerie|waterschap|hoogheemraadschap|roc|ggd|bank|groep"
    r"|group|holding|foundation|university|college|museum|theater|theatre|bibliotheek|ziekenhuis|maatschappij"
    r"|federatie|platform|netwerk|kamer van|council|institute|\w*(?:universiteit|school|instituut"
    r"|bedrijf|bureau"
    r"|academie|centrum|dienst|regio|fonds))(?:\b|$).*"
)
# So a name begins or ends that is no person's, whatever other words are in it.
_COMPANY = re.compile(
    r"(?:de |het |the )?(?:stichting|vereniging|gemeente|provincie|waterschap|ministerie|cooperatie"
    r"|maatschap|firma|bakkerij|slagerij|drukkerij|slijterij|brouwerij|kwekerij|boekhandel|bloemisterij|apotheek|garage"
    r"|cafe|restaurant|hotel|eetcafe|kapsalon|salon|makelaardij|rijschool|basisschool|atelier|bouwbedrijf|\w+bedrijf"
    r"|(?:ad|in)\w*bureau|\w*adviesbureau|ingenieursbureau|architectenbureau|notariskantoor|advocatenkantoor"
    r"|accountantskantoor|installatiebedrijf|autobedrijf|boerderij|camping|museum|theater|tandartspraktijk"
    r"|huisartsenpraktijk|praktijk|winkel|supermarkt|bouwmarkt|buurtvereniging|sportvereniging|kerkbestuur"
    r"|foundation|bakery|university|council) .+"
    r"|.+ (?:b\.? ?v\.?|n\.v\.?|v\.?o\.?f\.?|gmbh|ltd\.?|llc|b\.v\.b\.a\.?|holding"
    r"|(?:&|en) (?:zn|zonen|zoon|co)\.?)"
)
_BETWEEN = re.compile(
    r"\s*(?:[\n;&+|]|\s/\s|(?<=\w{3})/(?=\w{3})|(?<!\S)(?:en|and|und|et|of|or|resp\.?|c\.?q\.?"
    r"|dan wel|samen met)(?!\S))\s*"
)
# "Jan Bos c.s.", "Jan Bos (of Piet Smit)".
_AND_OTHERS = re.compile(r"\s(?:c\.?s\.?|e\.[av]\.|et al\.?)$|\((?:of|en|or|and) ", re.IGNORECASE)
_APART = re.compile(r"[\W_]+")
_LETTERS_FIRST = re.compile(r"\s*(?:[A-Z]\.\s?)+(?:[a-z']+ )*[A-Z]\w+.*")
_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*")
_BEHIND = re.compile(r"(.+?)(?:\s+[-–—|]\s+|\s*,\s*)([^,]+)")
# No name is longer; the patterns are for short texts.
_LONGEST = 150
_FAMILY = re.compile(r"(?:de |het )?(?:fam|familie|family|echtpaar|gezin|stel)\b\.?\s.*")
_ON_BEHALF = re.compile(
    r"(?:t\.?\s?a\.?\s?v\.?|ter attentie van|attn\.?|attention|c/o|p/a)[:\s]+", re.IGNORECASE
)


@dataclass(frozen=True)
class NameCell:
    """`name` is what is left to take apart, `questions` are for a person, `nobody` says why there is none.

    `beside` is what the heading says that stands with it.
    """

    name: str
    job_title: str = ""
    beside: str = ""
    remarks: tuple[Said, ...] = ()
    questions: tuple[Said, ...] = ()
    nobody: tuple[Said, ...] = field(default=())


@lru_cache(5_000)
def read_names(cell: str, *, beside: str = "") -> NameCell:
    """What a cell for a name holds; `beside` is the field that stands with it, as the heading says."""
    if len(cell) > _LONGEST:
        return NameCell(plain_cell(cell))
    if found := _PRONOUNS.search(cell):
        rest = read_names(_PRONOUNS.sub(" ", cell).strip(), beside=beside)
        return replace(rest, remarks=(*rest.remarks, NOT_IN_NAME(text=found[1])))
    text = plain_cell(_ON_BEHALF.sub("", cell.strip(), count=1))
    plain = fold(text)
    if _VACANCY.fullmatch(plain):
        return NameCell("", nobody=(VACANCY(text=text[:60]),))
    if _OFFICE.fullmatch(_APART.sub(" ", plain).strip()) or _is_only_a_job(text):
        return NameCell(text, questions=(OFFICE(text=text[:60]),))
    if not beside and _COMPANY.fullmatch(plain):
        return NameCell(text, questions=(COMPANY(text=text[:60]),))
    if are_several(cell.strip()):
        return NameCell(text, questions=(SEVERAL_NAMES(text=text[:60]),))
    name, meant = _without_what_is_beside(cell.strip()) if beside else (text, "")
    name, meant = plain_cell(_ON_BEHALF.sub("", name, count=1)), plain_cell(meant)
    name, job, left = _without_job(name)
    remarks = [JOB_IN_NAME(text=job[:60])] if job and (meant or beside != "job_title") else []
    remarks += [NOT_IN_NAME(text=other[:60]) for other in left]
    return NameCell(name, job, meant, tuple(remarks))


def is_addressed(cell: str) -> bool:
    """Whether a cell begins as on an envelope: "t.a.v. J. Bos", "De heer Bos"."""
    text, behind = _ON_BEHALF.subn("", cell.strip(), count=1)
    return bool(behind) or len(words(text)) > 1 and bool(form_of_address_in(" ".join(text.split()[:2])))


def is_named_as_organisation(text: str) -> bool:
    """Whether a word of it says what it is: "Stichting Proef", "Testbouw B.V."."""
    return bool(_ORGANISATION.fullmatch(fold(text)))


def names_of_several(cell: str, count: int) -> list[str]:
    """The `count` whole names of a cell that names so many people, else none: "Jan Bos en Piet Smit"."""
    if not are_several(cell.strip()):
        return []
    parts = [part.strip(" ,") for part in _BETWEEN.split(cell) if part and words(part)]
    if len(parts) == 1:
        parts = [part.strip() for part in cell.split(",")]
    return parts if len(parts) == count and all(len(part.split()) > 1 for part in parts) else []


def are_several(cell: str) -> bool:
    """Whether a cell names several people: "Jan Bos en Piet Smit", "Jan en Marie Bos", "Fam. Bos"."""
    bare = _BRACKETS.sub(" ", cell).strip()
    if _FAMILY.fullmatch(fold(bare)) or _AND_OTHERS.search(cell):
        return True
    parts = [part for part in _BETWEEN.split(bare) if part and words(part)]
    if len(parts) > 1 and not ("\n" in bare and min(len(part.split()) for part in parts) < 2):
        return not all(_is_no_name(part) for part in parts[1:])
    listed = bare.split(",")
    if len(listed) > 2 and all(_is_whole_name(part) and not is_job(part) for part in listed):
        return True
    first, comma, second = bare.partition(",")
    if comma and _LETTERS_FIRST.fullmatch(first) and _LETTERS_FIRST.fullmatch(second):
        return True
    return bool(comma) and _is_whole_name(first) and _has_infix_inside(second) and not is_job(second)


def _is_no_name(text: str) -> bool:
    """A function, titles or small letters only: what people put behind a name after a slash or a line."""
    plain = text.strip(" ,;.")
    return (
        plain.islower()
        or bool(_JOB.match(fold(plain)))
        or not "".join(split_titles(plain)[:1])
        and (split_titles(plain)[2] == plain)
    )


def _is_whole_name(text: str) -> bool:
    found = text.split()
    return len(found) > 1 and found[0][:1].isupper() and not is_infix(found[0].lower())


def _has_infix_inside(text: str) -> bool:
    """ "Piet de Vries", but not "Jan van den", which is how a surname in front goes on."""
    found = text.split()
    inside = [at for at, word in enumerate(found) if is_infix(word)]
    return bool(inside) and inside[0] > 0 and inside[-1] < len(found) - 1


def _without_what_is_beside(text: str) -> tuple[str, str]:
    """(name, what stands with it) of "Jan Bos (Wonen)", "Jan Bos - inkoper", "Jan Bos, chef"."""
    first, line_break, rest = text.partition("\n")
    if line_break:
        return first, rest
    before, colon, name = text.partition(": ")
    if colon:
        return name, before
    found = _BRACKETS.search(text)
    if found and found[1].strip():
        return _BRACKETS.sub(" ", text, count=1).strip(), found[1].strip()
    behind = _BEHIND.fullmatch(text)
    if behind and ("," not in text[: behind.start(2)] or _is_whole_name(behind[1]) or behind[2][0].islower()):
        return behind[1], behind[2].strip()
    return text, ""


def _without_job(text: str) -> tuple[str, str, list[str]]:
    """(name, function, what is neither) of "Jan Bos (docent)", "Jan Bos - docent", "Docent J. Bos"."""
    jobs, left = [], []
    for inner in _BRACKETS.findall(text):
        if is_job(inner):
            jobs.append(inner.strip())
        elif not _is_part_of_name(inner):
            left.append(inner.strip())
    taken = [*jobs, *left]
    name = _BRACKETS.sub(lambda found: " " if found[1].strip() in taken else found[0], text).strip()
    if note := _NOTE.search(name):
        name, left = name[: note.start()], [*left, note[0].strip()]
    if (found := _BEHIND.fullmatch(name)) and is_job(found[2]):
        name, jobs = found[1], [*jobs, found[2]]
    elif (found := _COLON.fullmatch(name)) and is_job(found[1]) != is_job(found[2]):
        job, name = (found[1], found[2]) if is_job(found[1]) else (found[2], found[1])
        jobs.append(job)
    name, more = _without_loose_job(name)
    return name, ", ".join([*jobs, *more]), left


def _without_loose_job(name: str) -> tuple[str, list[str]]:
    """A function in front of a name, or in small letters behind one."""
    found = name.split()
    if at := _job_in_front(found):
        return " ".join(found[at:]), [" ".join(found[:at])]
    if len(found) > 2 and found[-1].lower() in _ACTING:
        return " ".join(found[:-1]), [found[-1]]
    if len(found) > 2 and found[-1].islower() and not name.islower() and _is_one_job(found[-1]):
        return " ".join(found[:-1]), [found[-1]]
    return name, []


def _job_in_front(found: list[str]) -> int:
    """How many of these words are a function: of "Wnd. hoofd inkoop Jan Bos" three."""
    at = int(len(found) > 2 and found[0].lower() in _ACTING)
    if len(found) < at + 2 or not _ONE_JOB.fullmatch(fold(found[at])) or "," in found[at] + found[at + 1]:
        return 0
    end = at + 1
    while end < len(found) - 1 and _goes_on(found[end]):
        end += 1
    return 0 if end == 1 and not _is_one_job(found[0]) else end


def _goes_on(word: str) -> bool:
    """Whether a function goes on with it: "inkoop", "HR", but no infix, title or form of address."""
    return word in _FIELDS or word.islower() and not is_infix(word) and not any(split_titles(word)[:2])


def is_job(text: str) -> bool:
    """Whether text behind a name tells what somebody does."""
    first = text.strip()
    return (
        bool(first) and not first[0].isdigit() and any(_JOB.match(" ".join(rest)) for rest in _tails(first))
    )


def _tails(text: str) -> list[list[str]]:
    found = words(text)
    return [found[at:] for at in range(len(found))]


def _is_only_a_job(text: str) -> bool:
    """ "directeur", "Hoofd financiën": what somebody does, and nobody who does it."""
    first, *rest = text.split() or [""]
    if rest:
        return bool(_ONE_JOB.fullmatch(fold(first))) and all(word.islower() for word in rest)
    return _is_one_job(first)


def _is_one_job(word: str) -> bool:
    plain = fold(word)
    return bool(_ONE_JOB.fullmatch(plain)) and plain not in _ALSO_NAMES


def _is_part_of_name(inner: str) -> bool:
    """A name, initials or a maiden name between brackets: they begin with a capital and hold no digit."""
    plain = straighten(inner)
    if is_named_as_organisation(plain):
        return False
    return not plain or plain[:1].isupper() and not any(map(str.isdigit, plain)) and len(plain.split()) < 4
