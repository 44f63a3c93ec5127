"""The stock admin, opened by the role matrix instead of by flags and permissions of its own."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.accounts.ended import log_in_first
from crm.accounts.roles import may


class SettingsSite(AdminSite):
    site_header = site_title = "Kwartet"
    index_title = _("Settings")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of ours: those that packages bring ask for flags and permissions that nobody has."""
        if admin_class is not None and issubclass(admin_class, SettingsModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "settings.change")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """What a stranger sent is kept, as on every other page."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def log_in_or_show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return log_in_first(request)
            return guarded(request, *args, **kwargs)

        return log_in_or_show

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Everybody logs in at one place; who is in already lacks the role."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))


class SettingsModelAdmin(ModelAdmin):  # type: ignore[type-arg]
    """A page of the settings: all or nothing, by role."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "settings.change")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, "settings.change")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "settings.change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, "settings.change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, "settings.change")
