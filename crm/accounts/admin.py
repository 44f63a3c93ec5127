from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.mails import tell_former_address
from crm.accounts.models import User
from crm.accounts.roles import ROLE_NAMES, Role
from crm.accounts.settings_site import SettingsModelAdmin


class RolesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Group) -> str:
        return _role_in_words(obj.name)


class RoleFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [(group.pk, _role_in_words(group.name)) for group in Group.objects.order_by("pk")]


def _role_in_words(name: str) -> str:
    return str(ROLE_NAMES[Role(name)]) if name in list(Role) else name


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name", "language")


@admin.action(description=_("Take the second step away"))
def take_second_step_away(_page: Any, request: HttpRequest, users: QuerySet[User]) -> None:
    Authenticator.objects.filter(user__in=users).delete()
    messages.success(request, gettext("Whoever this is logs in with the password alone, and adds a new one."))


class UserSettings(SettingsModelAdmin, UserAdmin):  # type: ignore[type-arg]
    """Users and their roles."""

    actions = [take_second_step_away]

    add_form = NewUserForm
    ordering = ["email"]
    list_display = ["email", "name", "language", "is_active"]
    list_filter = [("groups", RoleFilter), "is_active"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "name", "password", "language", "shortcuts"]}),
        (_("Role"), {"fields": ["groups", "is_active"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["email", "name", "language", "groups", "usable_password", "password1", "password2"]},
        )
    ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever has the old address is told, since they log in with another one from now on."""
        before = User.objects.filter(pk=obj.pk).values_list("email", flat=True).first()
        super().save_model(request, obj, form, change)
        if before is not None and not obj.has_address(before):
            tell_former_address(user=obj, former=before)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles as check boxes, without a button to make new ones: what they mean is in the code."""
        if db_field.name == "groups":
            return RolesField(
                queryset=Group.objects.order_by("pk"),
                widget=forms.CheckboxSelectMultiple,
                required=False,
                label=_("roles"),
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.register(User, UserSettings)
