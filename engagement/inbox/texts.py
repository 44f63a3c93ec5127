"""Bounces that are one text, as qmail, Exim, Sendmail, Postfix, Exchange and many others wrote them."""

import logging
import re

from flufl.bounce import all_failures

from engagement.inbox.judging import judge
from engagement.inbox.parts import Parts
from engagement.inbox.reports import address_in
from engagement.inbox.verdict import Failure, Why

logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it tells of every detector that it tries
_DAEMON = re.compile(
    r"mailer[-_ ]?daemon|post[-_ ]?master|mail[-_. ]?deliver|mail[-_ ]?(system|daemon|administrator)|"
    r"system administrator|bounce|^\s*<>\s*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|(delivery|mail|message)\b.{0,30}(fail|error|problem|status|delay|could not|"
    r"not delivered|warning)|"
    r"fail(ure|ed)\b.{0,20}(notice|delivery|mail)|return(ed|ing)\b.{0,20}\b(mail|message|sender)|"
    r"(not|cannot|could not|couldn'?t) be delivered|unknown (user|recipient)|user unknown|bounced|"
    r"error sending|warning: (message|could)|non remis|unzustellbar|onbestelbaar|niet (afgeleverd|bezorgd)|"
    r"\bnon-delivery\b|\bndn\b|\bndr\b|недоставл|не доставлено|non consegnat|no entregad",
    re.IGNORECASE,
)
# A report about more people than this is not about mail of ours, each of which goes to one person.
_MOST = 50
_MOST_FOR_FLUFL = 100_000  # characters; its patterns are slow on more
# How such a text begins.
_OPENING = re.compile(
    r"qmail-send program|created automatically by|transcript of session follows|"
    r"(could|can|was|were|did|has|have) ?n[o']t( \S+){0,4} (be )?(deliver|reach|sent)|unable to deliver|"
    r"delivery (to|of|failed|has failed|failure|attempts)|undeliverable|permanent(ly)? (fatal )?(error|fail)|"
    r"returned to (the )?sender|following (address|recipient)|error(s)? (occurred|sending|while)|"
    r"error message below|requested action not taken|processing (error|your message)",
    re.IGNORECASE,
)
# An address at the beginning of a line (qmail, Exim, Sendmail), or one introduced by a word.
_LISTED = re.compile(
    r"^[ \t]*(?:\(?(?:expanded from|reason|to|rcpt to|for|recipient|user|address|message to|mail to|"
    r"original to|"
    r"sent to|delivery to(?: the following recipients?)?|550 [^\n<]{0,40})[ :]*)?[<'\"(]?"
    r"([^@\s<>,;:\"'()\[\]\\]{1,64}@[^@\s<>,;:\"'()\[\]\\]{1,255}\.[a-z0-9-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_ANYWHERE = re.compile(
    r"[^@\s<>,;:\"'()\[\]\\=]{1,64}@[^@\s<>,;:\"'()\[\]\\]{1,255}\.[a-z0-9-]+", re.IGNORECASE
)


def text_failures(parts: Parts) -> list[Failure]:
    """The failed recipients of a mail that looks like a bounce without being a report."""
    if not _looks_like_a_bounce(parts):
        return []
    addresses = _failed_addresses(parts)
    subject = parts.header("Subject")
    failures = []
    for address, said in _said_of(addresses, parts.text):
        kind, why, status, reply = judge(said)
        if why is Why.OTHER:
            kind, why, status, reply = judge(f"{said} {subject}", context=parts.text)
        failures.append(Failure((address,) if address else (), kind, why, status, reply))
    return failures


def _looks_like_a_bounce(parts: Parts) -> bool:
    if parts.headers.get("X-Failed-Recipients"):
        return True
    daemon = bool(_DAEMON.search(parts.header("From")))
    signs = (
        daemon,
        bool(_SUBJECT.search(parts.header("Subject"))),
        bool(_OPENING.search(parts.text[:3000])),
        parts.header("Return-Path").strip().lower() in {"<>", "<mailer-daemon>"},
        "delivery-status" in str(parts.headers.get("Content-Type", "")).lower(),
    )
    if daemon or signs[1] or signs[4]:
        return sum(signs) >= 2 or bool(_by_flufl(parts))
    # Nobody who says who they are: it takes the words, the empty return path and a mail that came back.
    return sum(signs) == 2 and bool(parts.original.strip())


def _failed_addresses(parts: Parts) -> list[str]:
    """Whom the mail says it is about: told in a header, found by flufl.bounce, else listed in the text."""
    named = [
        found.lower()
        for value in parts.headers_named("X-Failed-Recipients")
        for found in _ANYWHERE.findall(value)
    ]
    ours = {address_in(value) for value in parts.headers_named("To", "Delivered-To", "X-Original-To", "From")}
    found = named or _by_flufl(parts) or [one.lower() for one in _LISTED.findall(parts.text)]
    found = found or [one.lower() for one in _ANYWHERE.findall(f"{parts.header('Subject')} {parts.text}")]
    wanted = [one.strip(".") for one in dict.fromkeys(found) if one.strip(".") not in ours]
    return wanted[:_MOST] or [""]


def _by_flufl(parts: Parts) -> list[str]:
    if len(parts.text) + len(parts.original) > _MOST_FOR_FLUFL:
        return []
    try:
        temporary, permanent = all_failures(parts.headers)
    except Exception:  # a parser of hundreds of odd formats; what it cannot read is read here
        return []
    return sorted(address.decode("ascii", "replace").lower() for address in temporary | permanent)


def _said_of(addresses: list[str], text: str) -> list[tuple[str, str]]:
    """Each address with what stands between it and the next one; all of the text where there is but one."""
    if len(addresses) < 2:
        return [(address, text) for address in addresses]
    said = dict.fromkeys(addresses, "")
    places = _places(addresses, text.lower())
    ends = [place for place, _ in places[1:]] + [len(text)]
    for (place, address), end in zip(places, ends, strict=False):
        said[address] += text[place:end] + "\n"
    return [(address, words or text) for address, words in said.items()]


def _places(addresses: list[str], lower: str) -> list[tuple[int, str]]:
    """Where each address begins a line, or stands at all if it never does; some texts say all of it twice."""
    places: list[tuple[int, str]] = []
    for address in addresses:
        listed = re.finditer(rf"^[ \t\"'<(]*{re.escape(address)}", lower, re.MULTILINE)
        found = [(one.start(), address) for one in listed] or [(lower.find(address), address)]
        places += [(place, address) for place, address in found if place >= 0]
    return sorted(places)
