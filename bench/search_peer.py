"""The peer of the list: the stock list of Django's admin with the same columns, as strong as it can be made.

It searches as Kwartet does, reads rows with the same queries and counts nothing but what its pages need. The
addresses of this module are those of Kwartet with the peer beside them.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from backend.urls import urlpatterns as ours
from crm.contacts.listing import Column, Row, list_columns, read_with
from crm.contacts.models import Contact

USUAL = [column for column in list_columns() if column.usual]


def shown(column: Column) -> Any:
    def text(self: admin.ModelAdmin[Contact], contact: Contact) -> str:
        return column.text(Row(contact))

    text.short_description = str(column.heading)  # type: ignore[attr-defined]
    return text


class ContactAdmin(admin.ModelAdmin[Contact]):
    list_display = ("__str__", "functions", *(f"column_{column.name}" for column in USUAL))
    list_per_page = 50
    search_fields = ("sort_key",)
    show_full_result_count = False
    ordering = ("sort_key", "pk")

    def functions(self, contact: Contact) -> str:
        return "; ".join(str(affiliation) for affiliation in contact.current_affiliations)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return read_with(Contact.objects.all(), USUAL)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        return read_with(Contact.objects.search(search_term), USUAL).order_by(*self.ordering), False


for _column in USUAL:
    setattr(ContactAdmin, f"column_{_column.name}", shown(_column))


class PeerSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return True


site = PeerSite(name="peer")
site.register(Contact, ContactAdmin)
PEER = "/peer/crm/contact/"
urlpatterns = [path("peer/", site.urls), *ours]
