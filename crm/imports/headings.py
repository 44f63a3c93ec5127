r"""The words that people put above a column, in Dutch and English, and the field that they mean.

A heading is compared as its folded words with single spaces: "Thema's" is "thema s", "E-mail" is "e mail".
Per line of the table: field, how the alternatives must occur (the whole heading, its start, as words
anywhere in it, or both of two groups), and the alternatives; "\w*" stands for any ending. "-" is a column
that is known and not used. The first line that fits wins: what narrows stands above what is general.
"""

import re

from crm.text import words

IGNORED = "-"

_TABLE = r"""
-               word   fax | faxnummer | pager | telex | isdn | ttytdd | tty | callback | terugbellen | teksttelefoon
-               word   assistent | assistants? | secretaresse | managers? | phonetic | file as | referr?ed | departments?
-               word   label | display | weergavenaam | weergegeven | e mailtype\w* | e mail (\d )?type | photo | foto | linkedin
-               word   opmerking | opmerkingen | notes? | notities | notitie | toelichting | remarks? | comments?
-               word   provincie\w* | province | geboorte\w* | birthday | verjaardag | ip | optin\w* | confirm\w*
last_spoken     whole  gesproken | last seen | contactdatum | gespreksdatum | laatste | laatste keer
last_spoken     both   datum | date | sinds | since | laatst | laatste | last & gesproken | contact\w* | gesprek\w* | spoken
last_spoken     both   datum | date | laatst | laatste | last | when & afspraak | ontmoet\w* | met | meeting | talked | spoke
last_spoken     both   gesproken | spoken | contacted | talked & op | on
not_newsletter  both   geen | no | not | niet | uitgeschreven | unsubscribed? | afgemeld & nieuwsbrief | newsletter
newsletter      word   nieuwsbrief | nieuwsbrieven | newsletters? | mailinglijst | mailing list | nieuwsmail | nb | mailing
not_invite      both   niet | geen | not | don | no & uitnodig\w* | uitgenodigd | benader\w* | mailen | invit\w* | e ?mail
not_invite      word   opt out
may_invite      word   uitnodig\w* | uitgenodigd | invit\w* | genodigd | uitn | opt in | benaderbaar | benader\w*
email           word   e ?mail | e ?mails | mail | mails | mailadres | e ?mailadres | e ?mailadressen | mailaddress
mobile          word   mobiel\w* | mobile | gsm | cell\w* | mob | 06 | 06 ?nummer | handy | smartphone
phone           word   telefoon\w* | tel | telnr | telefoonnr | phones? | phone number | telephone | doorkies\w*
phone           word   landline | vast nummer | vaste lijn | hoofdtelefoon | autotelefoon
phone           whole  nummer | nr | contactnummer | vast | bellen
form_of_address start  aanhef | aanspreek\w* | salutation | form of address | honorific | dhr mevr | dhr mw | dhr mevrouw
form_of_address word   aanspreektitel | heer mevrouw | mr ms | mr mrs
gender          whole  geslacht | gender | sekse | sex | man vrouw | m v | m v x | mv
titles_after    whole  achtervoegsel | suffix | name suffix | graad | post nominals? | degree
titles_after    both   titels? | titulatuur | titles? & achter | na | after | erachter
job_title       word   functie\w* | rol | role | job | jobtitle | position | positie | function | beroep | profession
job_title       whole  organization title | hoedanigheid | taak | ambt
titles_before   start  titels? | titel s | titulatuur | titles? | academische titels? | name prefix | graden
infix           start  tussenvoegsels? | tussenvoegsel s | tussenv | tussen | tv | voorvoegsels? | infix | prefix | insertion
infix           word   surname prefix | tussenvgsl | name infix
initials        start  voorletters? | voorletter s | initialen | initials? | vl | voorl | initiaal
full_name       both   voornaam | voor | first | roepnaam & achternaam | last name | last | surname
full_name       word   full ?name | volledige naam | complete name | naam volledig
-               whole  middle name | middelste naam | tweede naam | second name | nickname
given_name      word   voornaam | voornamen | roepnaam | first ?names? | given ?names? | forenames? | doopnaam | voor
family_name     word   achternaam | achternamen | familienaam | geslachtsnaam | last ?name | surname | family ?name
external_id     word   gemeentecode ?gm | code ?gm | gm ?code | oin | rsin | external id | externe id | externe code
-               start  werkadres | huisadres | ander adres | postadres | adres | address | straat | street | bezoekadres
-               start  business | home | other | postcode | postal | zip | huisnummer | postbus | land | country | geo
code            word   \w*code | nummer | id | nr | number | kvk\w* | coc | rowid
sector_like     start  soort | type | aard | kind of | kind
sector_like     whole  sectors? | sectoren | branche | industry | o | o s | de o | 4o | 4 o s | vier o s | 4 o | helix | welke o | de vier o s
sector_like     whole  doelgroep | categorie\w* | categor\w* | segment | geleding | achterban | groep | group | labels? | tags?
themes          word   thema\w* | themes? | onderwerp\w* | topics? | interesse\w* | interests? | interessegebied\w*
themes          word   expertise\w* | trefwoorden | keywords | aandachtsgebied\w* | dossiers?
language        whole  taal | language | voertaal | voorkeurstaal | correspondentietaal | preferred language
website         word   website | web page | webpagina | url | homepage | site | internet
alias           whole  alias\w* | afkorting | abbreviation | ook bekend als | also known as | andere naam | other names?
full_name       word   contactpersoon | contactpersonen | contact person | contact name | persoon | person | deelnemer
full_name       word   participant | relatienaam | attendee | genodigde | invitee | naam contact | spreker | speaker
organisation    word   organisaties? | organisatienaam | organisations? | organizations? | bedrijf | bedrijven
organisation    word   bedrijfsnaam | instelling | instellingen | instellingsnaam | company | companies | werkgever
organisation    word   employer | gemeente | gemeenten | gemeentenaam | instantie | firma | school | institution
organisation    word   institute | bureau | stichting | onderneming | waterschap | statutaire naam | org
organisation    whole  account | accountnaam | account name | namens | werkzaam bij | affiliation | van
city            whole  plaats | plaatsnaam | woonplaats | vestigingsplaats | city | town | stad
full_name       whole  wie | who
full_name       start  naam | name | namen | names | contact | contacten | contacts | relaties | relatie
"""  # noqa: E501


def _words_anywhere(alternatives: str) -> str:
    return rf"\b(?:{'|'.join(option.strip() for option in alternatives.split(' | '))})\b"


def _pattern(how: str, alternatives: str) -> re.Pattern[str]:
    if how == "both":
        return re.compile("".join(f"(?=.*{_words_anywhere(half)})" for half in alternatives.split(" & ")))
    anywhere = _words_anywhere(alternatives)
    return re.compile({"whole": f"^{anywhere}$", "start": f"^{anywhere}", "word": f".*{anywhere}"}[how])


_RULES = [
    (field, _pattern(how, alternatives))
    for field, how, alternatives in (line.split(None, 2) for line in _TABLE.strip().splitlines())
]


def field_of(heading: str) -> str:
    """What the words of a heading say: a field, IGNORED, or "" when they say nothing."""
    plain = " ".join(words(heading))
    return next((field for field, rule in _RULES if rule.match(plain)), "") if plain else ""
