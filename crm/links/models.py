"""Links that open one thing for one person without an account."""

import uuid

from django.db import models
from django.db.models import Q

from crm.contacts.models import Contact


class Link(models.Model):
    """What a token opens. The token itself is not stored: it is derived from `id` with SECRET_KEY."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="links")
    # What it opens; see purposes.py.
    purpose = models.CharField(max_length=20)
    # What it is about within its purpose: a participation's id, a mail purpose; "" when nothing.
    subject = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Of somebody who was known twice: its token still opens, new mails carry the other one.
    superseded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "purpose", "subject"], condition=Q(superseded=False), name="link_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
