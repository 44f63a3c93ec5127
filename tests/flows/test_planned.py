"""A planned invitation with two beats, two workers and a broker that forgets: everybody gets it once."""

import pytest

from tests.harness.stack import open_stack
from tests.harness.waiting import wait_until

PLAN = """
from datetime import timedelta
from django.utils import timezone
from engagement.mailings.scheduling import schedule
from tests.factories import draft_invitation, make_contact, make_event
people = [make_contact() for _ in range(5)]
schedule(mailing=draft_invitation(make_event()), at=timezone.now() + timedelta(hours=1))
result = [person.email() for person in people]
"""
# The moment is moved and not waited for: how long a process takes to start here says nothing of Kwartet.
ITS_MOMENT = """
from django.utils import timezone
from engagement.mailings.models import Mailing
Mailing.objects.filter(state="scheduled").update(scheduled_for=timezone.now())
"""
STATES = """
from engagement.mailings.models import Mailing, Message
result = [Mailing.objects.get().state, *Message.objects.values_list("state", flat=True)]
"""


@pytest.mark.processes
def test_planned_goes_out_by_itself_and_once(stack_kind):
    with open_stack(stack_kind, workers=2, beats=2) as stack:
        addresses = stack.shell(PLAN)
        assert stack.shell(STATES) == ["scheduled"]
        stack.flush_broker()
        stack.shell(ITS_MOMENT)
        sent = ["sending", *["sent"] * len(addresses)]
        wait_until(lambda: stack.shell(STATES) == sent, every=0.5, what="the planned mailing")
        assert [len(stack.sink.to(address)) for address in addresses] == [1] * len(addresses)
