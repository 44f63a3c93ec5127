"""A REFI-QDA project: valid, read by others, and with nothing in it that may not leave the core team."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from crm.accounts.roles import Role
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.exchange.project import released_project, whole_project
from engagement.exchange.refi import codebook
from engagement.statements.models import Response, Statement, Visibility, Writeup
from engagement.statements.services import write_text
from tests.factories import make_contact, make_interview, make_organisation, make_statement, make_user

pytestmark = pytest.mark.django_db
MORE = "Dit zei ik ook."
NAMES = {"q": "urn:QDA-XML:project:1.0"}
SCHEMA = settings.BASE_DIR.parent / "shared" / "corpora" / "refi-qda" / "Project-mrt2019.xsd"


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


def is_valid(schema: Path, content: bytes) -> bool:
    check = etree.XMLSchema(etree.parse(schema))
    check.assertValid(etree.fromstring(content))
    return True


def qde(content: bytes) -> bytes:
    return zipfile.ZipFile(BytesIO(content)).read("project.qde")


def everything(content: bytes) -> str:
    archive = zipfile.ZipFile(BytesIO(content))
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def said_by(family_name: str, passage: str, **answer: Any) -> Statement:
    """What somebody of a firm said; `answer` is what they answered to our asking."""
    firm = make_organisation(f"Firma {family_name}", "entrepreneurs")
    contact = make_contact(family_name=family_name, organisation=firm)
    interview = make_interview(contact, notes=f"{passage} {MORE}")
    statement = make_statement(passage, interview=interview, codes=["hal"])
    if answer:
        answer = {"shown": statement.words, "words": statement.words} | answer
        made = Response.objects.create(
            statement=statement, speaker=interview.writeup.speakers.get(), **answer
        )
        Statement.objects.filter(pk=statement.pk).update(latest_response=made)
    return statement


def fill_with_hard_cases(user: Any) -> Statement:
    """Notes with emoji and line ends of Windows, and a code tree with what XML has to escape."""
    theme = Theme.objects.create(slug="ruimte", name_nl='Ruimte & "groen"', name_en="Space")
    above = Code.objects.create(name="<wonen> & 'werken'", theme=theme, description="Bij\x0bhuizen")
    Code.objects.create(name="huur 🏠", parent=above)
    notes = "Opening 👩‍👩‍👧.\r\nDe hal 🏭 is te klein.\r\nDank."
    interview = make_interview(make_contact(), notes=notes)
    return make_statement(
        "De hal 🏭 is te klein.", interview=interview, codes=["huur 🏠", "hal"], stance="concern"
    )


@pytest.mark.same_on_both
def test_whole_project_is_valid_and_its_offsets_are_code_points(tmp_path, user):
    statement = fill_with_hard_cases(user)
    content = whole_project(user)
    path = tmp_path / "project.qdpx"
    path.write_bytes(content)
    project = RefiProject.load(path, extract_dir=str(tmp_path / "there"))
    (source,) = project.sources.text_source
    text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "there").read_bytes().decode()
    assert text == "Opening 👩‍👩‍👧.\nDe hal 🏭 is te klein.\nDank."
    (selection,) = source.plain_text_selection
    assert text[selection.start_position : selection.end_position] == statement.passage
    assert selection.guid == str(statement.uuid).upper()
    assert len(selection.coding) == 3
    if not SCHEMA.exists():
        pytest.skip("../shared/corpora is absent")
    assert is_valid(SCHEMA, qde(content))


def test_released_project_is_valid(user):
    fill_with_hard_cases(user)
    said_by("Zwanenburg", "Er is geen stroom.", kind="approved", visibility=Visibility.NAMED)
    content = released_project()
    if not SCHEMA.exists():
        pytest.skip("../shared/corpora is absent")
    assert is_valid(SCHEMA, qde(content))


def test_project_without_anything_is_valid():
    if not SCHEMA.exists():
        pytest.skip("../shared/corpora is absent")
    assert is_valid(SCHEMA, qde(released_project()))


def test_released_project_holds_no_name_that_was_not_approved(user):
    said_by("Adelaar", "Dit is akkoord.", kind="approved", visibility=Visibility.NAMED)
    said_by("Buizerd", "Dit is niet gevraagd.")
    said_by("Condor", "Alleen de firma.", kind="approved", visibility=Visibility.ORGANISATION)
    said_by("Duif", "Alleen de O.", kind="approved", visibility=Visibility.SECTOR)
    said_by("Ekster", "Alleen wij.", kind="approved", visibility=Visibility.TEAM)
    said_by("Fazant", "Niet gebruiken.", kind="withdrawn", visibility=Visibility.NAMED)
    found = everything(released_project())
    for word, stands in {
        "Adelaar": True,
        "Dit is akkoord.": True,
        "Buizerd": False,
        "Dit is niet gevraagd.": True,
        "Firma Condor": True,
        "Duif": False,
        "Alleen de O.": True,
        "Ekster": False,
        "Alleen wij.": False,
        "Fazant": False,
        "Niet gebruiken.": False,
    }.items():
        assert (word in found) is stands, word
    assert ">Condor" not in found
    assert str(user) not in found


def test_released_sources_say_nothing_of_who_spoke_together(user):
    one = said_by("Adelaar", "Dit is akkoord.", kind="approved", visibility=Visibility.NAMED)
    make_statement(MORE, interview=one.writeup.interview)
    root = etree.fromstring(qde(released_project()))
    assert root.xpath("//q:TextSource/@name", namespaces=NAMES) == ["Ondernemers"]
    order = root.xpath("//q:PlainTextSelection/@guid", namespaces=NAMES)
    assert order == sorted(order)


def test_whole_project_leaves_out_notes_of_others_in_confidence(user):
    statement = said_by("Adelaar", "Dit is vertrouwelijk.")
    Writeup.objects.update(confidential=True)
    assert "vertrouwelijk" not in everything(whole_project(user))
    statement.writeup.trusted.add(user)
    assert "vertrouwelijk" in everything(whole_project(user))


def test_statement_that_left_the_notes_stands_beside_them(user):
    statement = said_by("Adelaar", "Er is geen stroom.")
    writeup = Writeup.objects.get()
    write_text(writeup=writeup, text="Iets heel anders dan eerst.", revision=writeup.revision, by=user)
    root = etree.fromstring(qde(whole_project(user)))
    sources = root.xpath("//q:TextSource", namespaces=NAMES)
    assert [len(source.xpath("q:PlainTextSelection", namespaces=NAMES)) for source in sources] == [0, 1]
    assert statement.passage in everything(whole_project(user))


def test_codebook_is_valid_and_read_by_others(tmp_path, user):
    assert codebook() == b""
    fill_with_hard_cases(user)
    path = tmp_path / "codes.qdc"
    path.write_bytes(codebook())
    assert is_valid(Path(__file__).parent / "Codebook.xsd", codebook())
    codes = RefiCodebook.load(path).codes.code
    assert [(one.name, [part.name for part in one.code]) for one in codes] == [
        ("<wonen> & 'werken'", ["huur 🏠"]),
        ("hal", []),
    ]


def test_keys_are_the_same_next_time(user):
    fill_with_hard_cases(user)
    assert codebook() == codebook()


def test_taking_out_notes_takes_a_post_and_is_logged(client, caplog, user):
    fill_with_hard_cases(user)
    client.force_login(user)
    assert client.get(reverse("statement_project_whole")).status_code == 405
    with caplog.at_level("INFO"):
        answer = client.post(reverse("statement_project_whole"))
    assert "De hal 🏭" in everything(answer.content)
    assert f"User {user.pk} exported" in caplog.text
    client.force_login(make_user(Role.ADMIN))
    assert client.post(reverse("statement_project_whole")).status_code == 403


def test_export_of_statements_holds_no_name_that_was_not_approved_not_even_for_the_team(client, user):
    said_by("Adelaar", "Dit is akkoord.", kind="approved", visibility=Visibility.NAMED)
    said_by("Buizerd", "Dit is niet gevraagd.")
    client.force_login(user)
    found = client.get(reverse("statement_export", args=["csv"])).content.decode()
    assert "Adelaar" in found
    assert "Dit is niet gevraagd." in found
    assert "Buizerd" not in found


def test_export_of_statements_is_filtered_as_the_list_is(client, user):
    make_statement("De hal is te klein.", stance="concern")
    make_statement("De bus is op tijd.", stance="wish")
    client.force_login(user)
    address = reverse("statement_export", args=["csv"])
    found = client.get(address, {"stance": "wish"}).content.decode()
    assert "bus" in found
    assert "hal" not in found
