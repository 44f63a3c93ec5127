"""What every part of the API does in the same way: who may, pages, errors of forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import BasePagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.accounts.tokens import user_of
from crm.base.paging import MOST_COUNTED, capped, key_set_page


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, as made on the page of one's settings."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        word, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if word.lower() != "token":
            return None
        user = user_of(token.strip())
        if user is None:
            raise AuthenticationFailed
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the description of the API says that."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and a token of one's settings",
        }


class ByRole(BasePermission):
    """The matrix of roles: the view names what reading and what writing needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return may(request.user, view.reads if request.method in SAFE_METHODS else view.writes)


class KeySetPagination(BasePagination):
    """`next` and `previous` are addresses, null at the ends; `count` stops at 1000, then `more` is true."""

    size, most = 50, 200

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.request, asked = request, request.query_params.get("page_size", "")
        size = min(int(asked), self.most) if asked.isdecimal() and len(asked) < 6 else self.size
        self.count = capped(queryset)
        self.page = key_set_page(
            queryset,
            order=view.order(),
            after=request.query_params.get("after"),
            before=request.query_params.get("before"),
            total=self.count,
            size=max(size, 1),
        )
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        links = {
            "next": self._link("after", self.page.next),
            "previous": self._link("before", self.page.previous),
        }
        count = min(int(self.count), MOST_COUNTED)
        return Response({"count": count, "more": self.count.more, **links, "results": data})

    def _link(self, name: str, value: int | None) -> str | None:
        if value is None:
            return None
        query = self.request.query_params.copy()
        for gone in ("after", "before"):
            query.pop(gone, None)
        query[name] = str(value)
        address: str = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
        return address

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        fields = {"count": {"type": "integer"}, "more": {"type": "boolean"}, "next": link, "previous": link}
        return {
            "type": "object",
            "required": [*fields, "results"],
            "properties": {**fields, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = ("after", "before", "page_size")
        return [
            {"name": name, "in": "query", "required": False, "schema": {"type": "integer"}} for name in names
        ]


def errors_of(form: forms.BaseForm) -> dict[str, Any]:
    """The errors of a form per field, in the words that its page shows."""
    return {
        "non_field_errors" if name == "__all__" else name: list(messages)
        for name, messages in form.errors.items()
    }


def row_errors(formset: Any) -> list[Any]:
    """The errors of a formset: per row, or about the whole."""
    return list(formset.non_form_errors()) or [errors_of(form) for form in formset.forms]


def as_rows(prefix: str, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as a formset takes them."""
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        for name, value in row.items():
            data[f"{prefix}-{number}-{name}"] = "" if value in (None, False) else value
    return data
