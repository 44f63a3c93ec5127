"""The screens: upload, plan, apply, throw away, progress."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.imports import background
from crm.imports.models import ImportBatch
from crm.provenance.models import Provenance
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("themes")]
BACK = r'name="back" value="([^"]+)"'
ROWS = "Naam;Organisatie;E-mail\nJan van den Bos;Saxion;jan@example.org\n;Saxion;info@example.org\n"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    return client


def sent(client: Client, content: str | bytes, name: str = "lijst.csv", **fields: str):
    data = content.encode() if isinstance(content, str) else content
    return client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, data), **fields})


def upload(client: Client, content: str | bytes, name: str = "lijst.csv", **fields: str):
    """Sent, and read and planned by a worker."""
    response = sent(client, content, name, **fields)
    background.work()
    return response


@pytest.mark.same_on_both
def test_upload_shows_the_plan_and_changes_nothing(admin: Client) -> None:
    response = upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    assert response["Location"] == reverse("import_detail", args=[batch.pk])
    page = admin.get(response["Location"]).content.decode()
    assert "Nothing has changed yet" in page
    assert "Apply 1 row" in page
    assert "van den <b>Bos</b>" in page
    assert Contact.objects.count() == 0


@pytest.mark.same_on_both
def test_key_figures_filter_the_rows(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    page = admin.get(f"{batch.get_absolute_url()}?action=refused").content.decode()
    assert "There is no name in this row." in page
    assert "<b>Bos</b>" not in page
    assert admin.get(f"{batch.get_absolute_url()}?action=nonsense").status_code == 404


@pytest.mark.same_on_both
def test_apply_is_done_in_the_background_and_shown(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    admin.post(reverse("import_apply", args=[batch.pk]))
    running = admin.get(batch.get_absolute_url()).content.decode()
    assert "<progress" in running
    bar = admin.get(reverse("import_progress", args=[batch.pk]), headers={"hx-request": "true"})
    assert bar.content.decode().lstrip().startswith('<div class="progress"')
    background.work()
    done = admin.get(reverse("import_progress", args=[batch.pk]), headers={"hx-request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert "The import is done" in page
    assert Contact.objects.get().get_absolute_url() in page
    admin.post(reverse("import_apply", args=[batch.pk]))
    background.work()
    assert Contact.objects.count() == 1


@pytest.mark.same_on_both
def test_plan_can_be_thrown_away(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    discard = reverse("import_discard", args=[batch.pk])
    assert "Throw away the plan" in admin.post(discard).content.decode()
    admin.post(discard, {"confirmed": "yes"})
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("discarded", 0)
    assert admin.get(batch.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"), [(b"", "leeg.csv", "The file is empty."), (b"x", "brief.docx", "docx")]
)
def test_error_stands_beside_the_file_and_choices_are_kept(
    admin: Client, content: bytes, name: str, words: str
) -> None:
    response = sent(admin, content, name, kind="contacts", sector="research")
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert '<option value="contacts" selected>' in page
    assert '<option value="research" selected>' in page
    assert ImportBatch.objects.count() == 0


def test_file_over_the_limit_is_refused(admin: Client, settings) -> None:
    settings.IMPORT_MEGABYTES = 0
    assert "larger than 0 MB" in sent(admin, ROWS).content.decode()


def test_upload_returns_before_the_file_is_read(admin: Client) -> None:
    response = sent(admin, ROWS)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows.count(), batch.file_parts.count()) == ("uploaded", 0, 1)
    page = admin.get(response["Location"]).content.decode()
    assert "The file is being read" in page
    assert "<progress" in page


def test_file_that_cannot_be_read_says_why_and_is_gone(admin: Client) -> None:
    response = upload(admin, b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\0", "foto.csv")
    batch = ImportBatch.objects.get()
    assert "not a spreadsheet" in admin.get(response["Location"]).content.decode()
    assert (batch.state, batch.file_parts.count()) == ("failed", 0)


@pytest.mark.same_on_both
def test_organisations_need_their_o(admin: Client) -> None:
    text = "GemeentecodeGM,Gemeentenaam\nGM0153,Enschede\n"
    page = admin.get(upload(admin, text)["Location"], follow=True)
    columns = page.redirect_chain[-1][0]
    fields = {"kind": "organisations", "sector": "", "column-0": "external_id", "column-1": "organisation"}
    assert "choose which O" in admin.post(columns, fields).content.decode()
    assert admin.post(columns, {**fields, "sector": "government"}).status_code == 302
    background.work()
    assert ImportBatch.objects.get().rows.counts()["new"] == 1


UNKNOWN = "Naam;Organisatie;Kanaal 7\nJan Bos;Saxion;heel iets anders\n"


def test_columns_are_put_right_once_and_remembered_for_the_layout(admin: Client) -> None:
    response = upload(admin, UNKNOWN)
    columns = reverse("import_columns", args=[ImportBatch.objects.get().pk])
    assert admin.get(response["Location"])["Location"] == columns
    page = admin.get(columns).content.decode()
    assert "Kanaal 7" in page
    assert "heel iets anders" in page
    chosen = {
        "kind": "contacts",
        "column-0": "full_name",
        "column-1": "organisation",
        "column-2": "job_title",
    }
    assert admin.post(columns, chosen)["Location"] == response["Location"]
    background.work()
    assert ImportBatch.objects.get().rows.get().values["job_title"] == "heel iets anders"
    again = upload(admin, UNKNOWN.replace("Jan", "Els").replace("Naam", "NAAM"), "later.csv")
    batch = ImportBatch.objects.first()
    assert (batch.state, batch.columns[2][1]) == ("planned", "job_title")
    assert "Columns as confirmed" in admin.get(again["Location"]).content.decode()


@pytest.mark.same_on_both
def test_wrong_columns_are_refused_in_words(admin: Client) -> None:
    upload(admin, UNKNOWN)
    columns = reverse("import_columns", args=[ImportBatch.objects.get().pk])
    nobody = {"kind": "contacts", "column-0": "", "column-1": "organisation", "column-2": ""}
    assert "names of people" in admin.post(columns, nobody).content.decode()
    twice = {"kind": "contacts", "column-0": "family_name", "column-1": "family_name", "column-2": ""}
    assert "Two columns" in admin.post(columns, twice).content.decode()


def test_choices_of_a_page_are_kept_and_followed(admin: Client) -> None:
    known = make_contact(
        given_name="Jan", infix="", family_name="Bos", organisation=make_organisation("Saxion")
    )
    rows = "Jan Bos;Saxion;j.bos@example.org\nEls Smit;Saxion;els@example.org\n"
    page = upload(admin, "Naam;Organisatie;E-mail\n" + rows)["Location"]
    assert "left out until you decide" in admin.get(page).content.decode()
    decide = reverse("import_decide", args=[ImportBatch.objects.get().pk])
    admin.post(decide, {"choice-1": f"merge {known.pk}", "choice-2": "skip"})
    shown = admin.get(page).content.decode()
    assert f'<option value="merge {known.pk}" selected>' in shown
    assert "<ins>j.bos@<wbr>example.org</ins>" in shown
    assert admin.post(decide, {"choice-1": "merge 999999"}).status_code == 400
    admin.post(reverse("import_apply", args=[ImportBatch.objects.get().pk]))
    background.work()
    assert Contact.objects.count() == 1
    assert {point.value for point in known.contact_points.all()} >= {"j.bos@example.org"}


def test_refused_rows_come_back_are_put_right_and_go_in(admin: Client) -> None:
    upload(admin, ROWS)
    response = admin.get(reverse("import_refused", args=[ImportBatch.objects.get().pk]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Naam", "Organisatie", "E-mail", "Reason"],
        [None, "Saxion", "info@example.org", "There is no name in this row."],
    ]
    sheet.cell(2, 1, "Els Smit")
    stream = io.BytesIO()
    book.save(stream)
    upload(admin, stream.getvalue(), "geweigerd.xlsx")
    batch = ImportBatch.objects.latest("pk")
    if batch.state == "mapping":
        fields = {f"column-{at}": field for at, (_heading, field) in enumerate(batch.columns)}
        admin.post(reverse("import_columns", args=[batch.pk]), {"kind": "contacts", **fields})
        background.work()
    background.apply_now(batch=batch)
    assert Contact.objects.get().email() == "info@example.org"


def test_apply_takes_the_choices_of_the_page_with_it(admin: Client) -> None:
    upload(admin, ROWS + "Els Smit;TNO;els@example.org\n")
    batch = ImportBatch.objects.get()
    apply = reverse("import_apply", args=[batch.pk])
    last = batch.rows.latest("position").position
    assert admin.post(apply, {f"choice-{last}": "merge 999999"}).status_code == 400
    assert ImportBatch.objects.get().state == "planned"
    admin.post(apply, {f"choice-{last}": "skip", "action": ""})
    background.work()
    assert ImportBatch.objects.get().state == "applied"
    assert Contact.objects.exists()
    assert not Contact.objects.filter(family_name="Smit").exists()


def test_one_row_and_the_whole_can_be_undone(admin: Client) -> None:
    upload(admin, ROWS + "Els Smit;TNO;els@example.org\n")
    batch = ImportBatch.objects.get()
    admin.post(reverse("import_apply", args=[batch.pk]))
    background.work()
    undo = reverse("import_undo", args=[batch.pk])
    admin.post(undo, {"row": "3"})
    assert [str(contact) for contact in Contact.objects.all()] == ["Jan van den Bos"]
    assert "What 1 row of " in admin.post(undo).content.decode()
    admin.post(undo, {"confirmed": "yes"})
    background.work()
    batch.refresh_from_db()
    assert (batch.state, Contact.objects.count()) == ("undone", 0)
    assert "The import is undone" in admin.get(batch.get_absolute_url()).content.decode()


def test_more_than_fifty_rows_are_asked_about_with_the_choices_on_the_page(admin: Client) -> None:
    rows = "".join(f"Jan Bos{number};Saxion;jan{number}@example.org\n" for number in range(52))
    upload(admin, "Naam;Organisatie;E-mail\n" + rows)
    batch = ImportBatch.objects.get()
    address = reverse("import_apply", args=[batch.pk])
    first = batch.rows.order_by("position")[0].position
    page = admin.post(address, {f"choice-{first}": "skip"})
    assert page.context["question"].promise == "51"
    assert f'name="choice-{first}" value="skip"' in page.content.decode()
    assert batch.rows.filter(decision="skip").count() == 0
    batch.refresh_from_db()
    assert batch.state == "planned"
    admin.post(address, {f"choice-{first}": "skip", "confirmed": "51"})
    batch.refresh_from_db()
    assert batch.state == "queued"
    assert batch.rows.filter(decision="skip").count() == 1


@pytest.mark.same_on_both
def test_fifty_rows_are_applied_without_a_question(admin: Client) -> None:
    rows = "".join(f"Jan Bos{number};Saxion;jan{number}@example.org\n" for number in range(50))
    upload(admin, "Naam;Organisatie;E-mail\n" + rows)
    assert admin.post(reverse("import_apply", args=[ImportBatch.objects.get().pk])).status_code == 302
    assert ImportBatch.objects.get().state == "queued"


@pytest.mark.same_on_both
def test_rows_are_paged_by_a_hundred(admin: Client) -> None:
    rows = "".join(f"Jan Bos{number};Saxion;jan{number}@example.org\n" for number in range(120))
    upload(admin, "Naam;Organisatie;E-mail\n" + rows)
    batch = ImportBatch.objects.get()
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert page.count("<tr") == 101
    assert 'rel="next"' in page


@pytest.mark.same_on_both
def test_list_shows_earlier_imports(admin: Client) -> None:
    assert admin.get(reverse("import_list")).status_code == 200
    upload(admin, ROWS)
    upload(admin, ROWS, "later.csv")
    page = admin.get(reverse("import_list")).content.decode()
    assert page.index("later.csv") < page.index("lijst.csv")


def test_whoever_came_in_was_told_once(admin: Client) -> None:
    upload(admin, "Naam;E-mail\nJan van den Bos;jan@example.org\nPiet Kok;piet@example.org\n")
    batch = background.apply_now(batch=ImportBatch.objects.get())
    jan, piet = Contact.objects.order_by("pk")
    told = reverse("contact_told", args=[jan.pk])
    assert "This has been told" in admin.get(jan.get_absolute_url()).content.decode()
    admin.post(told)
    assert "This has been told" not in admin.get(jan.get_absolute_url()).content.decode()
    everybody = reverse("import_told", args=[batch.pk])
    assert "This has been told" in admin.get(batch.get_absolute_url()).content.decode()
    first = jan.provenance.told_at
    admin.post(everybody)
    assert "This has been told" not in admin.get(batch.get_absolute_url()).content.decode()
    for contact in (jan, piet):
        contact.refresh_from_db()
        assert contact.provenance.told_at is not None
        entry = TimelineEntry.objects.get(contact=contact, kind="provenance.told")
        assert entry.actor is not None
    assert jan.provenance.told_at == first != piet.provenance.told_at


def test_what_was_told_by_mistake_is_taken_back_once(admin: Client) -> None:
    upload(admin, "Naam;E-mail\nJan Bos;jan@example.org\nPiet Kok;piet@example.org\nBo Kok;bo@example.org\n")
    batch = background.apply_now(batch=ImportBatch.objects.get())
    jan, *others = people = list(Contact.objects.order_by("pk"))
    terms = list(Provenance.objects.order_by("contact").values_list("tell_by", flat=True))
    admin.post(reverse("contact_told", args=[jan.pk]))
    everybody = reverse("import_told", args=[batch.pk])
    admin.post(everybody)
    press = re.findall(BACK, admin.get(batch.get_absolute_url()).content.decode())
    for text in ("1", "yesterday", "2026-11-29T08:00:00", "0001-01-01T00:00:00+14:00", "9" * 400, "\x00"):
        admin.post(everybody, {"back": text})
    assert not Provenance.objects.to_tell().exists()
    for _twice in range(2):
        admin.post(everybody, {"back": press[0]})
        assert [one.contact for one in Provenance.objects.to_tell()] == others
    own = re.findall(BACK, admin.get(jan.get_absolute_url()).content.decode())
    admin.post(reverse("contact_told", args=[jan.pk]), {"back": own[0]})
    assert [one.contact for one in Provenance.objects.to_tell()] == people
    assert list(Provenance.objects.order_by("contact").values_list("tell_by", flat=True)) == terms
    for contact in people:
        kinds = TimelineEntry.objects.filter(contact=contact, kind__startswith="provenance.").order_by("pk")
        assert list(kinds.values_list("kind", flat=True)) == ["provenance.told", "provenance.not_told"]


@pytest.mark.same_on_both
def test_numbers_and_days_are_written_for_people(admin: Client) -> None:
    upload(admin, "Naam;Mobiel;Laatst gesproken\nJan van den Bos;0031612345678;2026-03-09\n")
    page = admin.get(ImportBatch.objects.get().get_absolute_url()).content.decode()
    assert "06 12345678" in page
    assert "9 Mar 2026" in page
    assert "+316" not in page
