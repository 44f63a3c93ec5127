"""Bounces that are one text, as qmail, Exim, Sendmail, Postfix, Exchange and many others wrote them."""

import logging
import re

from flufl.bounce import all_failures

from engagement.inbox.judging import judge
from engagement.inbox.parts import Parts
from engagement.inbox.reports import address_in
from engagement.inbox.verdict import Failure

logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it tells of every detector that it tries
_DAEMON = re.compile(
    r"mailer[-_ ]?daemon|post[-_ ]?master|mail[-_. ]?deliver|mail[-_ ]?(system|daemon|administrator)|"
    r"system administrator|bounce|^\s*<>\s*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|(delivery|mail|message)\b.{0,30}(fail|error|problem|status|delay|could not|not delivered|warning)|"
    r"fail(ure|ed)\b.{0,20}(notice|delivery|mail)|return(ed|ing)\b.{0,20}\b(mail|message|sender)|"
    r"(not|cannot|could not|couldn'?t) be delivered|unknown (user|recipient)|user unknown|bounced|"
    r"error sending|warning: (message|could)|non remis|unzustellbar|onbestelbaar|niet (afgeleverd|bezorgd)|"
    r"\bnon-delivery\b|\bndn\b|\bndr\b|недоставл|не доставлено|non consegnat|no entregad",
    re.IGNORECASE,
)
# How such a text begins.
_OPENING = re.compile(
    r"qmail-send program|created automatically by|transcript of session follows|"
    r"(could|can|was|were|did|has|have) ?n[o']t( \S+){0,4} (be )?(deliver|reach|sent)|unable to deliver|"
    r"delivery (to|of|failed|has failed|failure|attempts)|undeliverable|permanent(ly)? (fatal )?(error|fail)|"
    r"returned to (the )?sender|following (address|recipient)|error(s)? (occurred|sending|while)",
    re.IGNORECASE,
)
# An address at the beginning of a line (qmail, Exim, Sendmail), or one introduced by a word.
_LISTED = re.compile(
    r"^[ \t]*(?:\(?(?:expanded from|reason|to|rcpt to|for|recipient|user|address|message to|mail to|original to|"
    r"sent to|delivery to(?: the following recipients?)?|550 [^\n<]{0,40})[ :]*)?[<'\"(]?"
    r"([^\s<>,;:\"'()\[\]\\]+@[^\s<>,;:\"'()\[\]\\]+\.[a-z0-9-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_ANYWHERE = re.compile(r"[^\s<>,;:\"'()\[\]\\=]+@[^\s<>,;:\"'()\[\]\\]+\.[a-z0-9-]+", re.IGNORECASE)


def text_failures(parts: Parts) -> list[Failure]:
    """The failed recipients of a mail that looks like a bounce without being a report."""
    if not _looks_like_a_bounce(parts):
        return []
    addresses = _failed_addresses(parts)
    subject = parts.header("Subject")
    failures = []
    for address, said in _said_of(addresses, parts.text):
        kind, why, status, reply = judge(f"{said} {subject}" if len(said) < 40 else said)
        failures.append(Failure((address,) if address else (), kind, why, status, reply))
    return failures


def _looks_like_a_bounce(parts: Parts) -> bool:
    if parts.headers.get("X-Failed-Recipients"):
        return True
    daemon = bool(_DAEMON.search(f"{parts.header('From')} ") or parts.header("From") == "<>")
    signs = (
        daemon,
        bool(_SUBJECT.search(parts.header("Subject"))),
        bool(_OPENING.search(parts.text[:3000])),
        parts.header("Return-Path").strip().lower() in {"<>", "<mailer-daemon>"},
        "delivery-status" in str(parts.headers.get("Content-Type", "")).lower(),
    )
    return sum(signs) >= 2 and (daemon or signs[1] or signs[4])


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
    return wanted or [""]


def _by_flufl(parts: Parts) -> list[str]:
    try:
        temporary, permanent = all_failures(parts.headers)
    except Exception:  # a parser of hundreds of odd formats; what it cannot read is read here
        return []
    return sorted(address.decode("ascii", "replace").lower() for address in temporary | permanent)


def _said_of(addresses: list[str], text: str) -> list[tuple[str, str]]:
    """Each address with the words from its first mention to the next one's."""
    lower = text.lower()
    places = sorted((lower.find(address) if address else 0, address) for address in addresses)
    mentioned = [(place, address) for place, address in places if place >= 0]
    if len(mentioned) < 2:
        return [(address, text) for address in addresses]
    ends = [place for place, _ in mentioned[1:]] + [len(text)]
    said = [(address, text[place:end]) for (place, address), end in zip(mentioned, ends, strict=True)]
    return said + [(address, text) for place, address in places if place < 0]
