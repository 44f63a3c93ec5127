"""How far those who are heard take part, in conversations as in sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The spectrum of the IAP2, which is a standard for participation."""

    INFORM = "inform", _("inform: they hear what we do")
    CONSULT = "consult", _("consult: we hear what they think, and say what became of it")
    INVOLVE = "involve", _("involve: what they think shows in what we choose")
    COLLABORATE = "collaborate", _("collaborate: we make it together")
    EMPOWER = "empower", _("empower: they decide")


PROMISE_HELP = _("For instance: you hear before the summer what became of it.")
