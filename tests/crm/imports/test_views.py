"""The screens: upload, plan, apply, throw away, progress."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.imports import services
from crm.imports.models import ImportBatch
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("themes")]
ROWS = "Naam;Organisatie;E-mail\nJan van den Bos;Saxion;jan@example.org\n;Saxion;info@example.org\n"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    return client


def upload(client: Client, content: str | bytes, name: str = "lijst.csv", **fields: str):
    data = content.encode() if isinstance(content, str) else content
    return client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, data), **fields})


def test_upload_shows_the_plan_and_changes_nothing(admin: Client) -> None:
    response = upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    assert response["Location"] == reverse("import_detail", args=[batch.pk])
    page = admin.get(response["Location"]).content.decode()
    assert "Nothing has changed yet" in page
    assert "Apply 1 row" in page
    assert "van den <b>Bos</b>" in page
    assert Contact.objects.count() == 0


def test_key_figures_filter_the_rows(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    page = admin.get(f"{batch.get_absolute_url()}?action=refused").content.decode()
    assert "There is no name in this row." in page
    assert "<b>Bos</b>" not in page
    assert admin.get(f"{batch.get_absolute_url()}?action=nonsense").status_code == 404


def test_apply_is_done_in_the_background_and_shown(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    admin.post(reverse("import_apply", args=[batch.pk]))
    running = admin.get(batch.get_absolute_url()).content.decode()
    assert "<progress" in running
    bar = admin.get(reverse("import_progress", args=[batch.pk]), headers={"hx-request": "true"})
    assert bar.content.decode().lstrip().startswith('<div class="progress"')
    services.apply_queued()
    done = admin.get(reverse("import_progress", args=[batch.pk]), headers={"hx-request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert "The import is done" in page
    assert Contact.objects.get().get_absolute_url() in page
    admin.post(reverse("import_apply", args=[batch.pk]))
    services.apply_queued()
    assert Contact.objects.count() == 1


def test_plan_can_be_thrown_away(admin: Client) -> None:
    upload(admin, ROWS)
    batch = ImportBatch.objects.get()
    admin.post(reverse("import_discard", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("discarded", 0)
    assert admin.get(batch.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "leeg.csv", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\0", "foto.csv", "not a spreadsheet"),
        (b"E-mail;Tel\na@example.org;1\n", "x.csv", "names of people"),
        (b"x", "brief.docx", "docx"),
    ],
)
def test_error_stands_beside_the_file_and_choices_are_kept(
    admin: Client, content: bytes, name: str, words: str
) -> None:
    response = upload(admin, content, name, kind="contacts", sector="research")
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert '<option value="contacts" selected>' in page
    assert '<option value="research" selected>' in page
    assert ImportBatch.objects.count() == 0


def test_file_over_the_limit_is_refused(admin: Client, settings) -> None:
    settings.IMPORT_MEGABYTES = 0
    assert "larger than 0 MB" in upload(admin, ROWS).content.decode()


def test_organisations_need_their_o(admin: Client) -> None:
    text = "GemeentecodeGM,Gemeentenaam\nGM0153,Enschede\n"
    assert "choose which O" in upload(admin, text).content.decode()
    assert upload(admin, text, sector="government").status_code == 302


def test_rows_are_paged_by_a_hundred(admin: Client) -> None:
    rows = "".join(f"Jan Bos{number};Saxion;jan{number}@example.org\n" for number in range(120))
    upload(admin, "Naam;Organisatie;E-mail\n" + rows)
    batch = ImportBatch.objects.get()
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert page.count("<tr") == 101
    assert 'rel="next"' in page


def test_list_shows_earlier_imports(admin: Client) -> None:
    assert admin.get(reverse("import_list")).status_code == 200
    upload(admin, ROWS)
    upload(admin, ROWS, "later.csv")
    page = admin.get(reverse("import_list")).content.decode()
    assert page.index("later.csv") < page.index("lijst.csv")
