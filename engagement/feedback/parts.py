"""What belongs to a contact of feedback: what they were told, and what they follow."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.feedback.models import Feedback, Follow, FollowDigest

declare(Feedback, "contact", held=True, quiet=True, called=_("feedback on what they said"), page="writeup")
declare(Follow, "contact", held=True, quiet=True, called=_("sentences they follow"), page="statement")
declare(FollowDigest, "contact", held=True, quiet=True, called=_("digests of what they follow"))
