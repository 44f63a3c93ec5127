"""The four O's: education, research, entrepreneurs, government."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """In the order in which they are always shown: W, Z, N, V."""

    EDUCATION = "education", _("Education")
    RESEARCH = "research", _("Research")
    ENTREPRENEURS = "entrepreneurs", _("Entrepreneurs")
    GOVERNMENT = "government", _("Government")
