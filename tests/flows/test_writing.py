"""A newsletter through real processes: written, its links followed by a worker, mended, sent."""

import pytest

from tests.harness.stack import Stack
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.processes

WRITE = """
from django.conf import settings
from django.utils import timezone
from engagement.compositions.models import Block
from tests.factories import make_contact, put_in, write
text = f"[hier]({settings.BASE_URL}/healthz) en [daar]({settings.BASE_URL}/not-there/)"
mailing = write("newsletter", Block(kind="text", text_nl=text, text_en=text))
reader = make_contact(email="reader@example.org")
reader.preferences.create(purpose="newsletter", allowed=True, legal_basis="consent", since=timezone.now())
put_in(mailing, reader)
result = mailing.pk
"""
PROBLEMS = """
from engagement.compositions.models import Composition
from engagement.mailings.services import problems_of
composition = Composition.objects.get()
result = problems_of(composition.mailing) if composition.links_checked_at else None
"""
MEND_AND_SEND = """
from engagement.compositions.models import Block, Composition
from engagement.compositions.services import save
from engagement.mailings.services import send
composition = Composition.objects.get()
save(composition=composition, blocks=[Block(kind="text", text_nl="Zonder **dode** links.", text_en="x")])
result = len(send(mailing=composition.mailing))
"""


def test_dead_link_is_found_by_a_worker_and_the_mended_text_goes_out(stack: Stack) -> None:
    stack.shell(WRITE)
    wait_until(lambda: stack.shell(PROBLEMS) is not None, every=0.5, what="the links to be followed")
    assert stack.shell(PROBLEMS) == [
        f"Blok 1 (tekst): {stack.base_url}/not-there/: de pagina antwoordt 404.",
    ]
    assert stack.shell(MEND_AND_SEND) == 1
    mail = wait_until(lambda: stack.sink.to("reader@example.org"), what="the newsletter")[0]
    assert "Zonder dode links." in mail.text()
    assert "<strong>dode</strong>" in mail.text("text/html")
    assert mail.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
