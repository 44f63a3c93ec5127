"""Whether a failure is hard or soft, from what the mail server said.

The words come before the code: servers say 5.1.1 of a full mailbox and 5.0.0 of an unknown user. Only what
says that the address itself is not there is hard; what may pass, or is about our mail, is soft (RFC 3463).
"User unknown" alone is also what filters say of mail that they dislike, once they have read it: those two
words count only with a 5.1 code, or as the answer to RCPT.
"""

import re

from engagement.inbox.verdict import HARD, Kind, Why


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FULL = _any(
    r"(mail ?box|inbox|mail ?folder|user|account|recipient)('s)?( \S+){0,6} (is )?(currently )?"
    r"(over ?quota|full\b|over (its |the )?(size|storage|disk))",
    r"(over|exceed(s|ed|ing)?|beyond)( \S+){0,3} (disk |mail|mail ?box |storage |space |disc )*(quota|"
    r"size limit)",
    r"quota (exceeded|violation|is full|full)|over ?quota|mailbox (size|quota)|not enough (disk|"
    r"storage) space",
    r"mail ?box[ _-](is )?(full|exceeded)|storage (limit|quota|space)|out of (disk|storage)|"
    r"disk (quota|full)",
    r"insufficient (system|disk) (storage|space)|no space left|too much mail data|account is full",
    r"can'?t create (user )?output file|mailbox (would )?exceeds?|has too many messages|collection of mail",
    r"(postvak|mailbox|brievenbus|postbus) (is |zit )?vol\b|(postfach|mailbox) (ist )?(über)?voll",
    r"bo[iî]te .{0,30}pleine|buz[oó]n .{0,20}lleno|casella .{0,20}piena|переполнен",
)
_SPAM = _any(
    r"\b(spam|junk|unsolicited|uce|phish\w*)\b(?!\S*@)|spam(ming|trap|filter| ?assassin|haus|cop)",
    r"black ?list|block ?list|\b(dns|r)bl\b|\brbls?\b|barracuda|reputation|blocked using|"
    r"(?<!not )listed (in|at|by)",
    r"virus|malware|infected|bulk mail",
)
_POLICY = _any(
    r"\b(spf|dkim|dmarc)\b|authentic?ation (check|required|fail)|not authenticated|unauthenticated",
    r"reverse (dns|hostname)|\bptr\b|rdns|(can'?t|cannot|could not|unable to) (find|"
    r"resolve) your (hostname|host|ip)",
    r"(relay(ing)?|relaying mail)( \S+){0,5} (denied|not (allowed|permitted)|prohibited)",
    r"(not|unable to|cannot|won'?t|refus\w+ to) relay|relay (access )?denied|relaying (denied|mail)",
    r"(administrative|local|security|site|content|message|our) policy|policy (violation|restriction|reason)",
    r"administrative(ly)? (prohibit|den)|access (has been )?denied|not authori[sz]ed|permission denied",
    r"(ip|client|host|server|address|domain|sender|connection)( \S+){0,6} "
    r"(is |was |has been |temporarily )*(blocked|banned|rejected by|refused|prohibited)",
    r"blocked by|(tls|encrypt\w*) .{0,20}(required|needed)|not (a )?(member|subscribed)|may not post|"
    r"restricted",
    r"(only|not) accept(s|ed|ing)? (mail|messages) from|requires? (that )?.{0,20}moderat|not have permission",
    r"member of the group|group .{0,60}(permission|not exist)|sender (is )?(not|un)( allowed|known|"
    r"permitted)?",
    r"does not (like|accept) (the )?recipient|we don'?t accept mail from|no(t)? allowed to (post|send)",
)
_SENDER = _any(
    r"sender( address)?( \S+){0,4} (rejected|unknown|invalid|denied|refused|not exist|does not|"
    r"not found|verif)",
    r"(invalid|unknown|bad|unresolvable) (sender|return path|mail from)|"
    r"mail from( \S+){0,3} (rejected|denied)",
    r"(verify|verification) (of )?(the )?sender|domain of sender|return(ing)? address|from address",
)
_TOO_LARGE = _any(
    r"(message|mail|size|data|attachment)( \S+){0,6} (is )?(too (large|big)|exceed(s|ed)?( \S+){0,4} "
    r"(limit|maximum|size)|larger than)",
    r"too (large|big)|max(imum)? (message|mail)? ?size|message size (limit|exceed)|size limit",
)
_RATE = _any(
    r"too many (recipients|messages|connections|sessions|emails|mails|concurrent|requests|hops|invalid)",
    r"rate[ -]?limit|throttl|too (fast|quickly|frequent)|limit( \S+){0,3} (exceeded|reached)|(daily|hourly) ",
    r"exceed(s|ed)?( \S+){0,3} (limit|rate|maximum)|mail (is )?loop|loop(s|ing)? (back|detected)|loops? to",
)
_CONTENT = _any(
    r"content(s)? (reject|not (accept|allow|permit)|filter|of this message|error)|(attachment|file type)s? "
    r"(\S+ ){0,4}(not (allowed|accepted)|blocked|prohibited)|invalid (mime|header|format|content)",
    r"(header|mime|8 ?bit|bare lf|rfc ?(2?822|5322))( \S+){0,5} (error|missing|invalid|violat|"
    r"not allowed|compliant)",
    r"not (rfc|compliant)|message (content|was) reject|conversion (required|prohibited)|undesirable content",
)
_DISABLED = _any(
    r"(account|mailbox|user|recipient|address|mail ?drop|domain|box)( \S+){0,6} (has been |been |is |"
    r"was |are )*"
    r"(temporarily |currently |administratively )*(disabled|suspended|inactive|deactivated|locked|"
    r"frozen|on hold|"
    r"not (currently )?(active|available)|temporarily unavailable|blocked|closed for)",
    r"(disabled|suspended|inactive|deactivated|frozen|locked|expired) (account|mailbox|user|recipient)",
    r"not (currently )?accepting (mail|messages|new)|mail receiving disabled|"
    r"temporar(il)?y (unavailable|locked)",
    r"account (is )?(being )?disabled",
)
_DELAYED = _any(
    r"(will be |be |keep )?retr(y|ied|ying)|delay(ed)?\b|not yet (been )?delivered|"
    r"still (being )?(queued|trying)",
    r"(retry|delivery|queue)( \S+){0,2} (time ?out|expired|time exceeded)|retry time|too old|gave up",
    r"cannot send message (for|within)|temporar(y|ily)|expired|(for|within) the last \S+ (hours|days)",
    r"in the queue too long|giving up|has been frozen|could not be delivered for",
)
_UNREACHABLE = _any(
    r"(connection|connect|conversation|session|read|operation)( \S+){0,6} "
    r"(timed? ?-?out|refused|reset|lost|dropped|closed|failed)",
    r"network (is )?(unreachable|error)|no route to host|host (is )?(unreachable|not reachable)|"
    r"did(n'?t| not) respond",
    r"(server|host|dns|name server)( \S+){0,4} (fail|time ?out|unavailable|down|error|loop)|lost connection",
    r"unable to (connect|deliver to|reach|lookup)|(could not|couldn'?t|cannot) (connect|be reached|contact)",
    r"try again|tried to deliver|(couldn'?t|can'?t|cannot|could not|unable to) create|socket error|"
    r"configuration error|internal (server )?error|local error|system (error|resources)|unrouteable mail",
)
_MOVED = _any(
    r"(user|mailbox|recipient|account|address|person|has)( \S+){0,3} (has |have )?(moved|changed)( to|"
    r"[.;,]|$)",
    r"no longer (at|with|works|employed|on|available here|accept|exists?|valid|in (use|service))",
    r"(has )?(left|leaves) (the )?(company|organi[sz]ation)|new (e-?mail )?address (is|for)|"
    r"please forward to",
)
_UNKNOWN = _any(
    r"(user|recipient|mailbox|account|address|alias|local ?part|name|addressee|userid|mail ?drop)"
    r"(?: \S+){0,8}? (is |was |are |has been )*(un ?known|not (a )?(known|found|valid|listed|exist\w*|"
    r"recogni[sz]ed|"
    r"local|here|in|our)|does(n'?t| not) exist|do(es)? not|do(es)?n'?t exist|not exist|invalid|non-?existent|"
    r"undeliverable|unavailable permanently|terminated|deleted|removed|cancel+ed|no longer)",
    r"(un ?known|no such|invalid|non-?existent|bad|not a valid|not a known|unrecogni[sz]ed|undefined|illegal|"
    r"not our|no valid|incorrect|not find|unable to find|couldn'?t find|could not find|cannot find)"
    r"( \S+){0,4}? (user|recipient|mail ?box|account|address|alias|local ?part|person|name|"
    r"destination|userid)",
    r"user ?unknown|unknown ?user|usuario desconocido|utilisateur inconnu|no mailbox|no ?such ?user|"
    r"nosuchuser",
    r"(user|mailbox|recipient|address|account)[:; ,-]+(unknown|not found|invalid|rejected\W+(unknown|"
    r"user|no such))",
    r"not listed in|isn'?t (in|listed)|is not (a )?(user|mailbox|here|member of this (site|system))",
    r"(do(es)?n'?t|do(es)? not|did(n'?t| not)) (have|handle|recogni[sz]e|list|know)( \S+){0,5} "
    r"(user|mailbox|recipient|account|address|name)",
    r"(does|do|did)(n'?t| not) exist|couldn'?t be found|wasn'?t found|no one by that name|"
    r"recipients? (were|was|is|are) (not|un)",
    r"\bRESOLVER\.ADR\.(RecipNotFound|ExRecipNotFound|RecipientNotFound|BadPrimary|InvalidInExRecip)",
    r"(gebruiker|adres|ontvanger|postvak|mailbox)( \S+){0,3} (is )?(onbekend|bestaat niet|"
    r"niet (gevonden|bekend))",
    r"onbekend(e)? (gebruiker|adres|ontvanger)|(empfänger|benutzer|adresse|postfach)( \S+){0,3} "
    r"(unbekannt|existiert nicht|nicht (gefunden|bekannt|vorhanden))",
    r"(destinataire|utilisateur|adresse)( \S+){0,3} (inconnue?|n'existe pas|introuvable)|не существует|"
    r"пользователь не найден|リストにありません|存在しません|見つかりません|宛先不明",
)
_BARE = _any(r"\b(user unknown|unknown user|no such user( here)?|nosuchuser|usuario desconocido)\b")
# How Exchange Online says that its directory does not know the recipient, with 5.4.1 only.
_NOT_IN_DIRECTORY = _any(r"(?<!all )recipient address rejected: access denied")
# Sendmail's words for a domain whose MX says that it takes no mail (RFC 7505); its code is of policy.
_NULL_MX = _any(r"host does not accept mail")
_AT_RCPT = _any(r"\brcpt[ _]?(to)?\b|local recipient table|virtual (alias|mailbox) table|\bmail\.local\b")
_AT_DATA = _any(
    r"(reply to|after|>>>|command:?)( end of| pipelined| sending)* ?(data\b|message body)|smtp command data"
)
_AT_SENDER = _any(r"(reply to|after|>>>)( pipelined| sending)* ?mail from")
_NAMES = re.compile(r"[^@\s<>]{1,64}@[^@\s<>:;,]{1,255}|https?://\S+")
_BLOCK_LISTS = _any(r"spamhaus|spamcop|sorbs|abuseat|barracudacentral|\b\w*[rd]bl\.")
_PASSING = _any(r"host not found, try again|(couldn'?t|can'?t|cannot|could not|unable to) create")
_NO_DOMAIN = _any(
    r"\b(host|domain|server)( name)?( (?!said|x)[^\s:]+){0,4}:? (is |was )?(un ?known(?! user)|"
    r"not (be )?found|does(n'?t| not) exist|"
    r"invalid|non-?existent|not exist)",
    r"(un ?known|no such|invalid|bad|illegal|non-?existent) (mail )?(host|domain)|nxdomain|null ?mx",
    r"(name or|domain name|host or domain name) ((service )?not (known|found))|couldn'?t find any host",
    r"domain( \S+){0,3} (does not|doesn'?t) (accept|receive|resolve|have)|no mx|"
    r"not list(ed)? .{0,10}mail exchanger",
    r"(no|without) (valid )?(mx|a)( or a)?( and a)? records?|destination( \S+)? (is|server) (invalid|"
    r"not found)",
    r"find (a|any) mail exchanger|host does not accept mail|malformed or unexpected name server reply|"
    r"(all|has) .{0,40}(mx|mail exchanger).{0,40}(invalid|point to (localhost|nowhere))|"
    r"unrout(e)?able (mail )?domain",
)
# In this order: the first that fits decides. What an unknown address is called comes after all that may pass.
_WORDS = [
    (Why.FULL, _FULL),
    (Why.SPAM, _SPAM),
    (Why.TOO_LARGE, _TOO_LARGE),
    (Why.NO_DOMAIN, _NO_DOMAIN),
    (Why.SENDER, _SENDER),
    (Why.MOVED, _MOVED),
    (Why.UNKNOWN, _UNKNOWN),
    (Why.POLICY, _POLICY),
    (Why.RATE, _RATE),
    (Why.DISABLED, _DISABLED),
    (Why.CONTENT, _CONTENT),
    (Why.UNREACHABLE, _UNREACHABLE),
    (Why.DELAYED, _DELAYED),
]
# RFC 3463 and the IANA registry of enhanced codes. 5.1.7, 5.1.8 and 5.1.9 are about the sender.
_CODES = {
    "1.1": Why.UNKNOWN,
    "1.2": Why.NO_DOMAIN,
    "1.3": Why.UNKNOWN,
    "1.6": Why.MOVED,
    "1.7": Why.SENDER,
    "1.8": Why.SENDER,
    "1.10": Why.NO_DOMAIN,
    "2.1": Why.DISABLED,
    "2.2": Why.FULL,
    "2.3": Why.TOO_LARGE,
    "3.1": Why.FULL,
    "3.4": Why.TOO_LARGE,
    "4.7": Why.DELAYED,
}
_SUBJECTS = {"4": Why.UNREACHABLE, "6": Why.CONTENT, "7": Why.POLICY}
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(
    r"(?<![\d.-])([245]\d\d)(?=[ \-#:;,)\]]|$)(?! ?(bytes|kb|mb|seconds|am|pm))", re.IGNORECASE
)


# What a server says of one recipient is shorter; a mail made to be slow is longer.
_MOST = 4000


def judge(
    text: str, *, status: str = "", context: str = "", delayed: bool = False
) -> tuple[Kind, Why, str, str]:
    """Kind, reason, enhanced code and reply code of what a server said.

    `status` is the code in the report, `context` what else the report tells about this recipient.
    """
    words, context = " ".join(text[:_MOST].split()), context[:_MOST]
    enhanced = _telling_code(words, status)
    found = _REPLY.search(words)
    reply = found[1] if found else ""
    temporary = delayed or (enhanced or reply).startswith("4")
    why = (
        Why.SPAM if _BLOCK_LISTS.search(words) else _why(_plain(words), enhanced, _plain(f"{context} {text}"))
    )
    if temporary or why not in HARD:
        return Kind.SOFT, Why.DELAYED if temporary and why in HARD else why, enhanced, reply
    return Kind.HARD, why, enhanced, reply


def _plain(text: str) -> str:
    """On one line, without addresses: "mailbox-full@example.org" is a name, not a reason."""
    return _NAMES.sub("x", " ".join(text.split()))


def _telling_code(words: str, status: str) -> str:
    """The server's own code where the report has only a general one, such as 5.0.0."""
    given = _ENHANCED.search(status)
    told = _ENHANCED.search(words)
    if given and (not told or not given[0].endswith(".0")):
        return given[0]
    return told[0] if told else ""


def _why(words: str, enhanced: str, context: str) -> Why:
    subject, _, detail = enhanced.partition(".")[2].partition(".")
    by_code = _CODES.get(f"{subject}.{detail}", _SUBJECTS.get(subject))
    if (subject, detail) == ("4", "1") and _NOT_IN_DIRECTORY.search(words):
        return Why.UNKNOWN
    if _NULL_MX.search(words):
        return Why.NO_DOMAIN
    by_words = next((why for why, pattern in _WORDS if pattern.search(words)), None)
    if by_words in HARD and by_words is not None:
        return _doubted(by_words, by_code, words, context, subject)
    return by_words or _unless_full(by_code, context) or Why.OTHER


def _doubted(why: Why, by_code: Why | None, words: str, context: str, subject: str) -> Why:
    """`why` says that the address does not exist; what else was said may speak against it."""
    if by_code and by_code not in HARD and by_code is not Why.DISABLED and subject in {"1", "2", "6", "7"}:
        return by_code  # a code that tells of a policy or a full mailbox stands, whatever the words
    if _AT_SENDER.search(context):
        return Why.SENDER
    if _PASSING.search(words):
        return Why.UNREACHABLE
    if why is Why.UNKNOWN and _only_bare(words, context) and not (subject == "1" or by_code is Why.DISABLED):
        return Why.DOUBTFUL
    return _unless_full(why, context) or why


def _only_bare(words: str, context: str) -> bool:
    """Whether nothing but "user unknown" was said, and not as an answer to RCPT."""
    if _UNKNOWN.search(_BARE.sub(" ", words)):
        return False
    return bool(_AT_DATA.search(context)) or not _AT_RCPT.search(context)


def _unless_full(why: Why | None, context: str) -> Why | None:
    return Why.FULL if _FULL.search(context) else why
