"""A form that makes something makes it once, however often it is sent: two clicks, a reload, a broken line.

The form carries a key. What was typed and the key together are taken in the transaction that makes the thing,
so of two clicks at the same moment the second one waits and is then led to what the first one made. The same
key with other words is another form: somebody went back and typed on.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import uuid4

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.access import StaffRequest, StaffView

P = ParamSpec("P")

_NAME = "once"
# Nobody clicks for the second time later than that.
_KEPT = timedelta(days=1)


class TakenForm(models.Model):
    """A form that was sent and made something; `leads_to` is where its sender was sent."""

    digest = models.CharField(max_length=64, unique=True)
    leads_to = models.CharField(max_length=2000, blank=True)
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(digest=""), name="taken_form_has_digest")]

    def __str__(self) -> str:
        return self.digest[:12]


def once_input() -> SafeString:
    """A key for one form; browsers that fill fields in after going back leave it alone."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', _NAME, uuid4().hex)


def once(view: StaffView[P]) -> Callable[Concatenate[StaffRequest, P], HttpResponse]:
    """Let `view`, which makes something and then redirects to it, do so once for each form that is sent.

    An answer that is no redirect made nothing, so its form can be sent again. Who sends no key had no form.
    """

    @wraps(view)
    def taken_once(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.POST.get(_NAME):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            form, first = TakenForm.objects.get_or_create(digest=_digest(request))
            if not first:
                messages.info(request, _("This came in twice. It was saved once."))
                return HttpResponseRedirect(form.leads_to)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                form.leads_to = response.url
                form.save(update_fields=["leads_to"])
            else:
                form.delete()
            return response

    return taken_once


def _digest(request: StaffRequest) -> str:
    """Of who sent what where; its key makes it impossible to guess what was typed."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    digest = hashlib.sha256(json.dumps([request.user.pk, request.get_full_path(), typed]).encode())
    for file in (file for name in sorted(request.FILES) for file in request.FILES.getlist(name)):
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def forget_taken() -> None:
    """Forget forms that nobody sends for the second time any more."""
    TakenForm.objects.filter(taken_at__lt=timezone.now() - _KEPT).delete()
