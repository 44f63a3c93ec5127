"""A coffee with somebody."""

from django.db import models
from django.urls import reverse

from crm.contacts.models import Contact


class Coffee(models.Model):
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    sort = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.sort

    def get_absolute_url(self) -> str:
        return f"{reverse('contact_list')}?coffee={self.sort}"
