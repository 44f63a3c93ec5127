r"""The words that people put above a column, in Dutch and English, and the field that they mean.

A heading is compared as its folded words with single spaces: "Thema's" is "thema s", "E-mail" is "e mail".
Per line of the table: field, how the alternatives must occur (the whole heading, its start, as words
anywhere in it, or both of two groups), and the alternatives; "\w*" stands for any ending. "-" is a column
that is known and not used. The first line that fits wins: what narrows stands above what is general.
"""

import re
from functools import lru_cache

from crm.base.text import visible, words

IGNORED = "-"

_TABLE = r"""
kwartet_number  whole  kwartet number | kwartet nummer | kwartetnummer
-               word   fax | faxnummer | pager | telex | isdn | radiotelefoon | ttytdd | tty | callback | terugbellen | teksttelefoon
-               word   assistent | assistants? | secretaresse | managers? | phonetic | fonetische? | file as | referr?ed
-               word   opslaan als | archiveren als | sorteren als | accounthouder | accountmanager | relatiebeheerder
-               word   relatiemanager | behandelaar | ingevoerd door | aangemaakt door | gewijzigd door | created by
-               word   modified by | (contact|account|record|lead) owner
-               both   volgende? | next | geplande? | planned | upcoming & afspraak | contact\w* | gesprek | date | datum | meeting | call
-               whole  [\w ]+ \d+ (type|label|soort|service)
-               word   label | display | weergavenaam | weergegeven | e mailtype\w* | e mail (\d )?type | photo | foto | linkedin
-               word   opmerking | opmerkingen | notes? | notities | notitie | toelichting | remarks? | comments?
-               word   free busy | beschikbaarheidsinfo | organisatie id | organizational id | government id | id number | sofinummer | bsn
-               word   burgerservicenummer | social security | soc sec | ssn
-               start  numbers? of
-               word   bevoegd gezag | bevoegd gezagnummer | gemeentenummer | denominatie | provinciecode\w*
-               both   gebied | regio | nodaal | coropgebied | rmc | rpa | wgr | corop & code | naam
-               word   provincie\w* | province | geboorte\w* | birthday | verjaardag | ip | optin\w* | confirm\w*
-               word   yomi | directory server | mileage | billing information | sensitivity | maiden name | short name
-               both   e mail | phone | telefoon | address | adres | relation | website | im | custom field | event | jot & type | service
job_title       both   organi[sz]ati\w+ & titel | title
titles_before   whole  name prefix | naamvoorvoegsel | naam voorvoegsel | voorvoegsel naam | predicaat | predikaat
titles_after    word   naamachtervoegsel | achtervoegsel naam | naam achtervoegsel
-               both   organi[sz]ation & symbol | location | job description
tags            whole  group membership | groepslidmaatschap
sector_like     word   organi[sz]ati(e|on) ?type | organisatiesoort | bedrijfstype | sectorgroep | quadruple helix | o categorie
given_name      word   vorname | vornamen | rufname
family_name     word   nachname | nachnamen | familienname | zuname
form_of_address word   anrede
mobile          word   mobil | mobilnummer | mobiltelefon | handynummer
phone           word   telefon\w* | rufnummer | festnetz | durchwahl
postcode        word   plz | postleitzahl
city            word   ort | wohnort | stadt | ortschaft
job_title       word   funktion | beruf | amt
department      word   abteilung | fachbereich
infix           word   surname prefix | family name prefix | last name prefix | tussenv\w* | name infix | voorvoegsels? | voorzetsels?
full_name       whole  naam (en )?titels? | naam titulatuur | aanspreekpunt
full_name       both   voornaam | voor | first | roepnaam | voorletters? & achternaam | last name | last | surname
family_name     whole  last | lname | achtern | achternm | family
family_name     word   achternaam | achternamen | familienaam | geslachtsnaam | last ?name | sur ?name | family ?name
last_spoken     whole  gesproken | last seen | last heard | laatst gehoord | contactdatum | gespreksdatum | laatste | laatste keer
last_spoken     both   datum | date | sinds | since | laatst | laatste | last & gesproken | contact\w* | gesprek\w* | spoken
last_spoken     both   datum | date | laatst | laatste | last | when & afspraak | ontmoet\w* | met | meeting | talked | spoke
last_spoken     both   gesproken | spoken | contacted | talked & op | on
last_spoken     both   datum | date | laatst | laatste | last | recentste | most recent | gezien | bezocht & bezoek | overleg | belmoment | gebeld | gezien | seen | touch\w* | visit | conversation | call | interacti\w*
opt_out         word   opt out | optout | opted out | bezwaar | do not contact | geen contact\w* | niet contacten | contactverbod
opt_out         word   geblokkeerd | blocked | blacklist | suppress\w* | niet benaderen | niet meer benaderen | avg verwijder\w*
opt_out         both   niet | nooit | geen | not | don | no | never & mailen | mail | e ?mail | e ?mails | e ?mailen | contact
not_newsletter  both   geen | no | not | niet | don & nieuwsbrief | nieuwsbrieven | newsletters? | mailing\w* | nieuwsmail | nb
not_newsletter  word   uitgeschreven | uitschrijf\w* | uitschrijving | afgemeld | unsub | unsubscribed? | unsubscribe | unsubscribe date
newsletter      word   nieuwsbrief | nieuwsbrieven | newsletters? | mailinglijst | mailing list | nieuwsmail | nb | mailing
not_invite      both   niet | nooit | geen | not | don | no | never & uitnodig\w* | uitgenodigd | benader\w* | invit\w*
may_invite      word   uitnodig\w* | uitgenodigd | invit\w* | genodigd | uitn | opt in | benaderbaar | benader\w*
email           word   e ?mails? | mails? | \w*mail ?adres | \w*mail ?adressen | mailaddress | werkmail | privemail | e post
mobile          word   \w*mobiel\w* | mobile | gsm\w* | cell\w* | mob | mobnr | 06 | 06 ?nummer | 06 ?nr | handy | smartphone
phone           word   \w*telefoon\w* | \w*telefonie | tel | telnr | telephone | phones? | phone number | doorkies\w*
phone           word   landline | vast nummer | vaste lijn | vaste nummer | direct nummer | rechtstreeks nummer | thuisnummer
phone           whole  nummer | nr | contactnummer | vast | bellen | bereikbaar( op)? | bereikbaarheid | direct | belnummer
full_name       whole  aanschrijfnaam | adresnaam | postnaam | envelopnaam | naam aanschrijving | adressering | naam (op )?envelop | mailing name | addressed to
form_of_address start  aanhef | aanspreek\w* | aanschrij\w* | briefaanhef | salutation | form of address | honorific | dhr mevr | dhr mw | dhr mevrouw
form_of_address word   aanspreektitel | aanhef | aanspreekvorm | aanschrijving | salutation | heer mevrouw | hr mw | hr mevr | dhr mevr | dhr mw | mr ms | mr mrs
gender          word   m v | m v x | m f | m f x | geslacht | gesl | gender
gender          whole  geslacht | gender | sekse | sex | man vrouw | m v | m v x | mv
titles_after    whole  achtervoegsels? | suffix | suffixes | name suffix | graad | academische graad | post ?nominals? | degrees?
titles_after    word   nageplaatste titels? | nagestelde titels?
titles_after    both   titels? | titulatuur | titles? | predicat\w+ & achter | na | after | erachter | achteraan | behind
department      word   \w*afdeling\w* | departments? | dept | afd | vakgroep | faculteit | faculty | onderdeel | dienstonderdeel | divisie | division
department      whole  cluster | dienst | directie | unit | business unit | team | sectie | directoraat
job_title       word   \w*functie\w* | rol | role | job | jobtitle | jobtitel | position | positie | function | beroep | profession
job_title       whole  organization title | hoedanigheid | taak | ambt | rang | baan | werkzaam als | designation | occupation
titles_before   both   titels? | titulatuur | titles? | predicat\w+ & voor | before | ervoor | vooraan
titles_before   word   titels? | titulatuur | title$
titles_before   start  titels? | titel s | titulatuur | titles? | academische titels? | adellijke titels? | graden
infix           start  tussenvoegsels? | tussenvoegsel s | tussenv | tussen | tv | tsv | vv | voorv | voorvoegsels? | infix | prefix | insertion
initials        word   voorletters? | voorl | initialen
initials        start  voorletters? | voorletter s | initialen | initials? | vl | voorl | initiaal
full_name       word   t a v | tav | ter attentie van | attn | attention | geadresseerden? | adressant | ontvangers? | addressee | recipient
full_name       word   zu handen | z hd | zhd
full_name       whole  aan | holder | ten name van | t n v
full_name       word   full ?name | volledige naam | complete name | naam volledig
middle          whole  middle names? | middelste naam | tweede (voor)?naam | extra naam | second name | additional names?
-               whole  nickname
given_name      whole  first | fname | voorn
given_name      word   voornaam | voornamen | voornm | vnaam | roepnaam | roepnamen | first ?names? | given ?names? | forenames? | doopna+men? | doopnaam | christian name | voor | eerste naam
external_id     word   vestigingscode | vestigingsnummer | vestigingsnr
code            word   brin | brinnummer | brin ?nr | instellingscode | instellingsnummer | waterschapscode
external_id     word   gemeentecode ?gm | code ?gm | gm ?code | oin | rsin | code elsewhere | code elders | external id | externe id | externe code
country         word   land | landnaam | country | landcode | country code
postcode        word   postcodes? | postcode\w* | postal code | postal | zip | zip ?code | pc
addition        word   toevoeging | huisnummertoevoeging | huisletter | house number addition | number addition
house_number    word   street ?number
street          both   straat | straatnaam | street | adres | address & huisnummer | huisnr | nr | nummer | number
house_number    word   huisnummers? | huisnr | house ?number | house ?no | hnr
alias           whole  other names?
-               word   postbus\w* | po box | pobox | regio | region | state | county | extended address | gmtoff | latitude | longitude
-               both   adres | address | street | straat & [2-9] | 3
city            word   plaats | plaatsnaam | woonplaats | vestigingsplaats | stad | city | town
address         word   formatted | volledig adres | full address | adresblok
street          word   straat | straatnaam | street | streetname | adres | address | adresregel\w* | adressen
street          word   werkadres | huisadres | bezoekadres | postadres | woonadres | vestigingsadres | kantooradres
-               start  business | home | other | geo
kvk_number      word   kvk\w* | coc | kamer van koophandel | chamber of commerce
code            word   \w*code | nummer | id | nr | number | rowid
sector_like     start  soort | type | aard | kind of | kind
sector_like     whole  sectors? | sectoren | branche | industry | o | o s | de o | 4o | 4 o s | vier o s | 4 o | helix | welke o | de vier o s
sector_like     whole  doelgroep | categorie\w* | categor\w* | segment | geleding | achterban | groep | group
categories      whole  thema s en labels | themes and tags
themes          word   thema\w* | themes? | onderwerp\w* | topics? | interesse\w* | interests? | interessegebied\w*
tags            word   tags? | labels? | trefwoord | trefwoorden | keywords? | kenmerk | kenmerken | etiketten
themes          word   expertise\w* | aandachtsgebied\w* | dossiers?
language        whole  taal | language | voertaal | voorkeurstaal | correspondentietaal | preferred language
website         word   internetadres | internetpagina | webadres | website | web page | webpagina | url | homepage | site | internet
alias           whole  alias\w* | afkorting | abbreviation | ook bekend als | also known as | andere na(am|men)
full_name       word   ansprechpartner | ansprechpartnerin | ansprechperson | kontaktperson
organisation    both   attendee | participant | invitee | guest | speaker | member | exhibitor | visitor | deelnemer | genodigde | gast | spreker | bezoeker | exposant | aanmelder | inschrijver | lid & company | organi[sz]ation | employer | institution | organisatie | bedrijf | bedrijfsnaam | instelling | werkgever | instantie | school | gemeente
full_name       word   contactpersoon | contactpersonen | contact person | contact name | persoon | person | deelnemer
full_name       word   participant | relatienaam | attendee | genodigde | invitee | naam contact | spreker | speaker
full_name       whole  deelnemers | deelneemster | contactpers | aanspreekpunt | vertegenwoordigers? | representative | afgevaardigden?
full_name       whole  gast | gasten | guests? | bezoekers? | aanwezigen? | medewerkers? | werknemers? | employees? | bestuurders? | panellid
full_name       whole  contactnaam | persoonsnaam | bestuurslid | bestuursleden | raadslid | leden | lid | members? | personen | participants | attendees | genodigden | invitees | sprekers | speakers | delegates?
organisation    word   organisaties? | organisatienaam | organisations? | organizations? | bedrijf | bedrijven
organisation    word   bedrijfsnaam | \w*instelling | \w*instellingen | instellingsnaam | company | companies | werkgevers?
organisation    word   employer | gemeente | gemeenten | gemeentenaam | instantie | firma | school | institution
organisation    word   schoolnaam | vestigingsnaam | waterschapsnaam | debiteurnaam | debiteurennaam | klantnaam
organisation    word   organisatiegegevens | bedrijfsgegevens | instellingsgegevens | unternehmen | einrichtung | firmenname
organisation    word   opdrachtgever | opdrachtgevers | leverancier | leveranciers | partnerorganisatie | lidbedrijf
organisation    word   bedrijf organisatie | naam partner | partnernaam | kantoor | dienstverlener
organisation    whole  partner | partners | klant | klanten | debiteur | debiteuren | crediteur | lidorganisatie
organisation    word   institute | bureau | stichting | onderneming | waterschap | statutaire naam | org | vereniging | maatschappij
organisation    word   handelsnaam | trade name | business name | rechtspersoon | vennootschap | entiteit | entity | firm | agency | cooperatie
organisation    word   werkt bij | werkplek | in dienst bij | works (at|for)
organisation    whole  account | accountnaam | account name | namens | werkzaam bij | affiliation | van
full_name       whole  wie | who
full_name       start  naam | name | namen | names | contact | contacten | contacts | relaties | relatie
"""  # noqa: E501

# "HasOptedOutOfEmail" is several words.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACKETS = re.compile(r"\(([^)]*)\)")
PERSON_FIELDS = ("full_name", "family_name", "given_name")
# "Naam + functie", "Functie en naam": two things in one column.
_TWO = re.compile(r"\s*(?:[+/&,]|\ben\b|\band\b)\s*", re.IGNORECASE)
# Who all of a row is about, between brackets behind each of its headings: "Functie (bestuurder)".
_GROUP = re.compile(
    r"(?:de )?(?:contact(?:persoon)?|relatie|deelnemer|genodigde|gast|spreker|bestuurder|bestuurslid|lid"
    r"|medewerker|vertegenwoordiger|persoon|aanvrager|attendee|participant|invitee|guest|speaker|member|employee|person)"
)
# What a word for a group in front hides, since its headings are short or begin so: "Contact tussenv.".
_PARTS_OF_NAME = {"infix", "initials", "gender", "form_of_address"}
_PLACES = {
    "work": {"work", "business", "office", "werk", "werkadres", "zakelijk", "kantoor", "kantooradres"},
    "home": {"home", "private", "thuis", "huisadres", "woonadres", "prive"},
    "other": {"other", "ander", "anders", "overig", "postadres"},
}


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


@lru_cache(2000)
def field_of(heading: str) -> str:
    """What the words of a heading say: a field, IGNORED, or "" when they say nothing.

    In "Naam (functie)" and "Naam + functie" the second word says what stands behind the name.
    """
    heading = visible(heading)
    plain = " ".join(words(heading))
    if not plain:
        return ""
    name, beside = _name_with_more(heading)
    if name and beside == "job_title":
        return name
    return _field_of(plain) or _field_of(" ".join(words(_HUMP.sub(" ", heading))))


def beside_name(heading: str) -> str:
    """What stands behind, or before, the name in the cells below such a heading: "job_title", else ""."""
    return _name_with_more(visible(heading))[1]


def _name_with_more(heading: str) -> tuple[str, str]:
    """("full_name", "job_title") for "Naam (functie)" and "Functie en naam"; ("", "") for one thing."""
    parts = [_BRACKETS.sub(" ", heading), *_BRACKETS.findall(heading)]
    if len(parts) == 2 and _GROUP.fullmatch(" ".join(words(parts[1]))):
        return "", ""
    if len(parts) < 2:
        parts = _TWO.split(heading)
    found = [_field_of(" ".join(words(part))) for part in parts]
    if len(found) != 2 or not set(PERSON_FIELDS) & set(found):
        return "", ""
    name, other = found if found[0] in PERSON_FIELDS else reversed(found)
    return name, other


def _field_of(plain: str) -> str:
    found = next((field for field, rule in _RULES if rule.match(plain)), "")
    if found not in ("", "full_name", "organisation", "code"):
        return found
    tails = (plain.split(" ", at)[at] for at in range(1, plain.count(" ") + 1))
    hidden = (field for tail in tails for field, rule in _RULES if rule.match(tail))
    return next((field for field in hidden if field in _PARTS_OF_NAME), found)


def place_of(heading: str) -> str:
    """ "work", "home" or "other" where a heading says to which of several addresses it belongs, else ""."""
    plain = set(words(heading))
    return next((place for place, known in _PLACES.items() if plain & known), "")
