"""Adding a file to notes, getting it back, and removing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.access import StaffRequest, requires
from crm.base.asking import Question, asks
from engagement.attachments import services, store
from engagement.attachments.forms import AttachmentForm
from engagement.attachments.kinds import LARGEST
from engagement.attachments.models import Attachment
from engagement.statements.models import Writeup
from engagement.statements.sources import title_of


def _readable(request: StaffRequest, writeup: Writeup) -> Writeup:
    if not writeup.is_readable_by(request.user):
        raise PermissionDenied
    return writeup


def _attachment(request: StaffRequest, pk: int) -> Attachment:
    attachment = get_object_or_404(Attachment.objects.select_related("writeup"), pk=pk)
    _readable(request, attachment.writeup)
    return attachment


@requires("statements.change", largest_file=max(LARGEST.values()))
@require_http_methods(["GET", "HEAD", "POST"])
def attachment_add(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a file to the notes with this key."""
    writeup = _readable(request, get_object_or_404(Writeup, pk=pk))
    form = AttachmentForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        services.add_attachment(writeup=writeup, file=file, by=request.user, attachment=form.instance)
        messages.success(request, _("The file is in, encrypted."))
        return redirect(writeup)
    context = {"writeup": writeup, "title": title_of(writeup), "form": form}
    return render(request, "engagement/attachments/form.html", context)


@requires("statements.names")
@require_safe
def attachment_download(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """As a file to keep, never shown inline: whoever made it may have put a script in it."""
    attachment = _attachment(request, pk)
    content = store.get(attachment.uuid, attachment.key)
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Length"] = str(attachment.size)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _removing(request: StaffRequest, pk: int) -> Question:
    attachment = _attachment(request, pk)
    context = {"attachment": attachment}
    return Question("engagement/attachments/ask_remove.html", attachment.writeup.get_absolute_url(), context)


@requires("statements.change")
@require_POST
@asks(_removing)
def attachment_remove(request: StaffRequest, pk: int) -> HttpResponse:
    attachment = _attachment(request, pk)
    writeup = attachment.writeup
    services.remove_attachment(attachment=attachment)
    messages.success(request, _("The file is removed."))
    return redirect(writeup)
