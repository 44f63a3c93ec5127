"""Why a text cannot be a tag."""

from django.utils.translation import gettext_lazy as _

from crm.base.said import sentence

HAS_COMMA = sentence("tag.has_comma", _("A tag has no comma in it."))
TOO_LONG = sentence("tag.too_long", _("“%(name)s …” is too long: a tag has at most %(most)s characters."))
NO_LETTERS = sentence("tag.no_letters", _("“%(name)s” has no letters."))
