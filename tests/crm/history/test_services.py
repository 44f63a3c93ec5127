from typing import Any

import pytest

from crm.base.tracking import acting, add_link, keep, remove_link, save_if_changed, set_links
from crm.contacts.models import Contact, ContactPoint
from crm.contacts.services import delete_contact
from crm.imports.said import FILE
from tests.factories import make_contact, make_theme, make_user

pytestmark = pytest.mark.django_db
Tagged: Any = Contact.themes.through


def lines(model, **which):
    rows = model.history.filter(**which).order_by("history_id")
    return [(row.history_type, row.history_user_id, row.history_change_reason) for row in rows]


def test_save_if_changed_leaves_no_line_for_the_same():
    contact = make_contact()
    assert save_if_changed(contact, given_name="Jan", initials="J.") is False
    assert save_if_changed(contact, given_name="Johan") is True
    assert [kind for kind, _, _ in lines(Contact, id=contact.pk)] == ["+", "~"]


def test_acting_names_who_did_it_and_ends():
    user, contact = make_user(), make_contact()
    with acting(user):
        save_if_changed(contact, given_name="Johan")
    save_if_changed(contact, given_name="Joop")
    assert [who for _, who, _ in lines(Contact, id=contact.pk)] == [None, user.pk, None]


def test_keep_writes_rows_as_they_are_now():
    user, contact = make_user(), make_contact()
    Contact.objects.filter(pk=contact.pk).update(given_name="Johan")
    keep(Contact, [contact.pk], "~", by=user, reason=FILE(name="lijst.xlsx"))
    latest = Contact.history.filter(id=contact.pk).latest()
    assert (latest.given_name, latest.history_user_id, latest.history_change_reason) == (
        "Johan",
        user.pk,
        '["file",{"name":"lijst.xlsx"}]',
    )


def test_links_are_set_added_and_removed_with_their_history():
    user, one, other = make_user(), make_contact(), make_contact(given_name="Els")
    theme = make_theme()
    assert set_links(one, "themes", [theme], by=user) is True
    assert set_links(one, "themes", [theme], by=user) is False
    assert add_link(Contact, [one.pk, other.pk], "themes", theme.pk, by=user) == [other.pk]
    assert sorted(remove_link(Contact, [one.pk, other.pk], "themes", theme.pk, by=user)) == [
        one.pk,
        other.pk,
    ]
    assert lines(Tagged, contact=one.pk) == [("+", user.pk, None), ("-", user.pk, None)]
    assert not one.themes.exists()


def test_deleted_contact_leaves_no_history():
    contact = make_contact()
    set_links(contact, "themes", [make_theme()], by=None)
    contact.themes.clear()
    pk = contact.pk
    delete_contact(contact=contact)
    assert not Contact.history.filter(id=pk).exists()
    assert not ContactPoint.history.filter(contact=pk).exists()
    assert not Tagged.history.filter(contact=pk).exists()
