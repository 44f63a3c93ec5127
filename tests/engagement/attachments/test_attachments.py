"""Files of notes: what is taken, how it is kept, who gets it back, and when it goes."""

import os
import zipfile
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm.accounts.roles import Role
from engagement.attachments import store
from engagement.attachments.kinds import LARGEST
from engagement.attachments.models import Attachment
from engagement.attachments.services import remove_ended
from tests.factories import make_attachment, make_contact, make_interview, make_user

pytestmark = pytest.mark.django_db
SECRET = b"%PDF-1.7 " + b"Zij wil niet dat dit bekend wordt. " * 6000


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def member(client: Client, user) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def writeup(user):
    return make_interview(make_contact(), by=user).writeup


def docx() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
    return file.getvalue()


def other_zip() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.exe", "x")
    return file.getvalue()


def add(member: Client, writeup, content: bytes, name: str = "verslag.pdf", **typed):
    typed["file"] = SimpleUploadedFile(name, content)
    return member.post(reverse("attachment_add", args=[writeup.pk]), typed)


def test_file_comes_back_as_it_was_and_lies_encrypted(member, writeup, folder):
    assert add(member, writeup, SECRET)["Location"] == writeup.get_absolute_url()
    attachment = Attachment.objects.get()
    (path,) = folder.iterdir()
    assert b"bekend" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    response = member.get(attachment.get_absolute_url())
    assert b"".join(response.streaming_content) == SECRET
    assert response["Content-Disposition"] == 'attachment; filename="verslag.pdf"'
    assert response["Content-Type"] == "application/octet-stream"
    assert "verslag.pdf" in member.get(writeup.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "pdf"),
        (docx(), "docx"),
        (b"ID3\x04", "audio"),
        (b"\xff\xfb\x90\x64", "audio"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio"),
        (b"OggS", "audio"),
        (b"<html>", ""),
        (b"MZ\x90", ""),
        (b"RIFF\x00\x00\x00\x00AVI ", ""),
        (b"\xff\xfe<\x00", ""),
        (other_zip(), ""),
        (b"PK\x03\x04", ""),
    ],
)
def test_kind_is_what_the_file_is_and_not_how_it_is_called(member, writeup, content, kind):
    response = add(member, writeup, content, "verslag.pdf", consent="Beiden, mondeling")
    assert list(Attachment.objects.values_list("kind", flat=True)) == ([kind] if kind else [])
    assert kind or list(response.context["form"].errors) == ["file"]


def test_file_that_is_too_large_is_refused(member, writeup, monkeypatch):
    monkeypatch.setitem(LARGEST, Attachment.Kind.PDF, 10)
    assert list(add(member, writeup, SECRET).context["form"].errors) == ["file"]


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "consent"),
        ({"consent": "Ja", "goes_on": timezone.localdate() + timedelta(days=91)}, "goes_on"),
        ({"consent": "Ja", "goes_on": timezone.localdate() - timedelta(days=1)}, "goes_on"),
    ],
)
def test_recording_needs_consent_and_goes_in_time(member, writeup, typed, field):
    assert list(add(member, writeup, b"OggS", **typed).context["form"].errors) == [field]
    with pytest.raises(IntegrityError):
        make_attachment(writeup, kind="audio")


def test_recording_goes_after_90_days_and_its_file_with_it(
    member, writeup, folder, django_capture_on_commit_callbacks
):
    add(member, writeup, b"OggS", "opname.ogg", consent="Beiden, mondeling")
    add(member, writeup, SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_ended(timezone.localdate() + timedelta(days=90)) == 0
        assert remove_ended(timezone.localdate() + timedelta(days=91)) == 1
    assert [one.kind for one in Attachment.objects.all()] == ["pdf"]
    assert [path.name for path in folder.iterdir()] == [Attachment.objects.get().uuid.hex]


def test_file_of_an_upload_that_died_goes_after_a_day(writeup, folder):
    kept = make_attachment(writeup)
    store.put(uuid4(), [b"x"])
    assert remove_ended() == 0
    assert len(list(folder.iterdir())) == 2
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (old, old))
    remove_ended()
    assert [path.name for path in folder.iterdir()] == [kept.uuid.hex]


def test_file_of_confidential_notes_is_for_who_held_the_conversation(client, user):
    interview = make_interview(make_contact(), by=user, confidential=True)
    attachment = make_attachment(interview.writeup)
    client.force_login(make_user(Role.ADMIN))
    new = reverse("attachment_add", args=[interview.writeup_id])
    remove = reverse("attachment_remove", args=[attachment.pk])
    assert client.get(attachment.get_absolute_url()).status_code == 403
    assert client.get(new).status_code == client.post(remove).status_code == 403
    client.force_login(user)
    assert client.get(attachment.get_absolute_url()).status_code == 200


def test_removing_asks_first(member, writeup, folder, django_capture_on_commit_callbacks):
    path = reverse("attachment_remove", args=[make_attachment(writeup).pk])
    member.post(path)
    assert Attachment.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        member.post(path, {"confirmed": "yes"})
    assert list(folder.iterdir()) == []


@pytest.mark.same_on_both
@given(st.lists(st.binary(max_size=3 * store.CHUNK // 2), max_size=4))
def test_whatever_is_put_comes_out(pieces):
    uuid = uuid4()
    key = store.put(uuid, pieces)
    assert b"".join(store.get(uuid, key)) == b"".join(pieces)
    store.remove(uuid)


def opened(uuid, key) -> bytes:
    return b"".join(store.get(uuid, key))


def test_chunk_that_was_changed_swapped_cut_off_or_taken_elsewhere_does_not_open():
    uuid, other = uuid4(), uuid4()
    content = os.urandom(2 * store.CHUNK + 5)
    key, other_key = store.put(uuid, [content]), store.put(other, [content])
    path = store.path_of(uuid)
    whole, size = path.read_bytes(), store.CHUNK + 16
    chunks = [whole[:size], whole[size : 2 * size], whole[2 * size :]]
    for damaged in (
        b"".join([chunks[1], chunks[0], chunks[2]]),
        chunks[0] + chunks[1],
        chunks[0],
        b"",
        whole[:-1],
        whole + b"x",
        bytes([whole[0] ^ 1]) + whole[1:],
        store.path_of(other).read_bytes(),
    ):
        path.write_bytes(damaged)
        with pytest.raises(store.Damaged):
            opened(uuid, key)
    path.write_bytes(whole)
    with pytest.raises(store.Damaged):
        opened(uuid, other_key)
    assert opened(uuid, key) == content
    path.unlink()
    with pytest.raises(store.Damaged):
        opened(uuid, key)


def test_new_key_in_front_leaves_old_files_readable(settings):
    uuid = uuid4()
    key = store.put(uuid, [b"oud"])
    settings.ATTACHMENT_KEYS = [Fernet.generate_key(), *settings.ATTACHMENT_KEYS]
    assert opened(uuid, key) == b"oud"
    settings.ATTACHMENT_KEYS = settings.ATTACHMENT_KEYS[:1]
    with pytest.raises(store.Damaged):
        opened(uuid, key)
