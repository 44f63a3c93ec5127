"""What cannot be undone asks first, in a dialog; where there is no JavaScript, on a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import render

from crm.accounts.access import StaffRequest, StaffView

P = ParamSpec("P")
ANSWER = "confirmed"
# js/ask.js sends this along with what it asks on behalf of a dialog: nothing is done then.
DIALOG = "X-Ask"


@dataclass(frozen=True)
class Question:
    """What is asked before something is done; whoever leaves it goes `back`.

    `template` extends components/question.html. Whoever says yes says yes to `promise`, such as the number of
    people who get a mail: when it is another one by then, they are asked anew.
    """

    template: str
    back: str
    context: Mapping[str, Any] = field(default_factory=dict)
    promise: str = "yes"


def asks(
    question_of: Callable[Concatenate[StaffRequest, P], Question | None],
) -> Callable[[StaffView[P]], StaffView[P]]:
    """Before the view does what a POST wants, ask what `question_of` returns; None asks nothing.

    `question_of` changes nothing. What stood in the form that was sent stands in the question too.
    """

    def decorate(view: StaffView[P]) -> StaffView[P]:
        @wraps(view)
        def asking(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            question = question_of(request, *args, **kwargs)
            if question is not None and request.POST.get(ANSWER) != question.promise:
                return ask(request, question)
            if DIALOG in request.headers:
                return HttpResponse(status=204)
            return view(request, *args, **kwargs)

        return asking

    return decorate


def ask(request: StaffRequest, question: Question) -> HttpResponse:
    """The question as a page, or by itself for a dialog."""
    dialog = DIALOG in request.headers
    context = {
        **question.context,
        "question": question,
        "dialog": dialog,
        "kept": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", ANSWER)
        ],
    }
    return render(request, question.template if dialog else "confirm.html", context)
