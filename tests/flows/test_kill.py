"""Workers die, the broker forgets, beat runs twice: nobody is missed, nobody is mailed twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.stack import KINDS, Stack, open_stack
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.kill]

INVITEES = 500
KILLS = 3

INVITE = f"""
from crm.contacts.models import Contact, ContactPoint
from tests.factories import invite_everybody, make_event
people = [Contact(given_name="Jan", family_name=f"Berg{{n}}") for n in range({INVITEES})]
for person in people:
    person.set_keys()
people = Contact.objects.bulk_create(people)
ContactPoint.objects.bulk_create(
    ContactPoint(contact=person, kind="email", value=f"person{{person.pk}}@example.org", preferred=True)
    for person in people
)
result = len(invite_everybody(make_event()))
"""
STATES = """
from collections import Counter
from collections.abc import Callable
from engagement.mailings.models import Message
result = Counter(Message.objects.values_list("state", flat=True))
"""
UNCERTAIN = """
from engagement.mailings.models import Message
result = [str(message.pk) for message in Message.objects.uncertain()]
"""


@pytest.fixture(params=KINDS)
def stack(request: pytest.FixtureRequest) -> Any:
    with open_stack(request.param, workers=2, beats=2) as running:
        yield running


def test_kills_and_a_wiped_broker_lose_and_repeat_nothing(stack: Stack) -> None:
    stack.sink.delay = 0.02
    assert stack.shell(INVITE) == INVITEES
    for kill in range(KILLS):
        already = len(stack.sink.messages)
        wait_until(_more_than(stack, already + 60), timeout=60, what="60 more mails")
        stack.kill_worker()
        if kill == 1:
            stack.flush_broker()
        stack.start_worker()
    wait_until(lambda: _finished(stack), timeout=150, every=1, what="an empty outbox")

    arrived = Counter(message.recipients[0] for message in stack.sink.messages)
    twice = {address: times for address, times in arrived.items() if times > 1}
    uncertain = stack.shell(UNCERTAIN)
    delivered = {message.message_id.strip("<>").partition("@")[0] for message in stack.sink.messages}
    assert twice == {}
    assert len(uncertain) <= KILLS
    # Who is not at the sink is shown to a person; who is shown may have it or not.
    assert len(delivered | set(uncertain)) == INVITEES
    assert stack.shell(STATES) == {"sent": INVITEES - len(uncertain)} | (
        {"uncertain": len(uncertain)} if uncertain else {}
    )


def _more_than(stack: Stack, count: int) -> Callable[[], bool]:
    return lambda: len(stack.sink.messages) > count


def _finished(stack: Stack) -> bool:
    states = stack.shell(STATES)
    return sum(states.get(name, 0) for name in ("sent", "uncertain")) == INVITEES
