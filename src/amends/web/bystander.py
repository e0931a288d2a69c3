"""Shows a reply where everybody will see it, before it is handed over or sent (K11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from amends.cases.models import Case
from amends.replies.bystander import NotReadYet
from amends.replies.models import Reply
from amends.replies.queries import reply_digest
from amends.web import labels
from amends.web.cases import find_case, show_case


class ReadFirst(Exception):
    """The reply is to be read as a bystander first: no refusal, the next thing to do."""


@contextmanager
def reading_first() -> Iterator[None]:
    """Turn the verb's refusal into the next thing to do, which `act` leaves to the page."""
    try:
        yield
    except NotReadYet as refused:
        raise ReadFirst(str(refused)) from refused


def statements_agreed(request: HttpRequest, reply: Reply) -> list[str]:
    """The statements that were ticked, if they were ticked for the text as it stands now."""
    is_this_text = request.POST.get("read_digest", "") == reply_digest(reply)
    return request.POST.getlist("bystander") if is_this_text else []


def show_bystander(request: HttpRequest, found: Case, *, text: str) -> HttpResponse:
    """The thread as a stranger sees it, with the reply in its place; what was ticked is not lost."""
    is_second_try = "read_digest" in request.POST
    problem = {"place": "bystander", "text": text} if is_second_try else None
    return show_case(
        request,
        find_case(request, found.number),
        problem=problem,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_second_try else HTTPStatus.OK,
        extra={
            "read_first": True,
            "statements": labels.BYSTANDER.items(),
            "ticked": request.POST.getlist("bystander"),
        },
    )
