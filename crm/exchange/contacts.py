"""The columns of a list of contacts, declared once: how a cell is read, and what an export holds."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource

from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.exchange import cells as widgets
from crm.preferences.models import Purpose
from crm.preferences.rules import standing

Kind = ContactPoint.Kind


class ContactResource(ModelResource):
    """Exports contacts read with for_list(): the first current function, and one address of each kind.

    Reading goes by these widgets; saving row by row does not: crm/imports plans and writes by itself.
    """

    form_of_address = Field("form_of_address", _("Form of address"), widgets.FormOfAddressCell())
    titles_before = Field("titles_before", _("Titles before the name"), widgets.Cell())
    initials = Field("initials", _("Initials"), widgets.Cell())
    given_name = Field("given_name", _("Given name"), widgets.Cell())
    infix = Field("infix", _("Infix"), widgets.Cell())
    family_name = Field("family_name", _("Family name"), widgets.Cell())
    titles_after = Field("titles_after", _("Titles after the name"), widgets.Cell())
    external_id = Field("external_id", _("Code elsewhere"), widgets.Cell())
    organisation = Field(None, _("Organisation"), widgets.Cell())
    job_title = Field(None, _("Job title"), widgets.Cell())
    department = Field(None, _("Department"), widgets.Cell())
    sector = Field(None, _("Sector"), widgets.SectorCell())
    email = Field(None, _("E-mail"), widgets.EmailsCell())
    mobile = Field(None, _("Mobile"), widgets.PhonesCell())
    phone = Field(None, _("Telephone"), widgets.PhonesCell())
    themes = Field("themes", _("Themes"), widgets.ThemesCell())
    tags = Field("tags", _("Tags"), widgets.TagsCell())
    may_invite = Field(None, _("May be invited"), widgets.AnswerCell())
    newsletter = Field(None, _("Newsletter"), widgets.AnswerCell())
    last_spoken = Field("last_heard_on", _("Last heard"), widgets.DayCell())
    language = Field("language", _("Language"), widgets.LanguageCell())

    class Meta:
        model = Contact
        fields = (
            *("form_of_address", "titles_before", "initials", "given_name", "infix", "family_name"),
            *("titles_after", "external_id", "organisation", "job_title", "department", "sector", "email"),
            *("mobile", "phone", "themes", "tags", "may_invite", "newsletter", "last_spoken", "language"),
        )
        export_order = fields

    def dehydrate_organisation(self, contact: Contact) -> str:
        job = _job(contact)
        return job.organisation.name if job else ""

    def dehydrate_job_title(self, contact: Contact) -> str:
        job = _job(contact)
        return job.job_title if job else ""

    def dehydrate_department(self, contact: Contact) -> str:
        job = _job(contact)
        return job.department if job else ""

    def dehydrate_sector(self, contact: Contact) -> str:
        job = _job(contact)
        return self.fields["sector"].widget.render(job.only_sector() if job else "")

    def dehydrate_email(self, contact: Contact) -> str:
        return _point(contact, Kind.EMAIL)

    def dehydrate_mobile(self, contact: Contact) -> str:
        return _point(contact, Kind.MOBILE)

    def dehydrate_phone(self, contact: Contact) -> str:
        return _point(contact, Kind.PHONE)

    def dehydrate_may_invite(self, contact: Contact) -> str:
        return self._answer(contact, Purpose.INVITATION)

    def dehydrate_newsletter(self, contact: Contact) -> str:
        return self._answer(contact, Purpose.NEWSLETTER)

    def _answer(self, contact: Contact, purpose: str) -> str:
        answer = standing(contact, purpose)
        return self.fields["newsletter"].widget.render(answer.allowed if answer else None)


def _job(contact: Contact) -> Affiliation | None:
    return next(iter(contact.current_affiliations), None)


def _point(contact: Contact, kind: str) -> str:
    points = [point for point in contact.contact_points.all() if point.kind == kind]
    return next((point.value for point in sorted(points, key=lambda one: not one.preferred)), "")
