"""Reads a draft while it is typed: nothing is saved, nothing is logged, an HTML part comes back."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_draft
from amends.replies.draft import MAX_CHARS
from amends.replies.queries import open_reply
from amends.web.cases import find_case, now_of
from amends.web.lint_panel import read_lint_panel
from amends.web.pages import action


@action(may=may_draft)
def lint_reply(request: HttpRequest, number: int) -> HttpResponse:
    """The findings of the text as it stands in the browser."""
    found = find_case(request, number)
    reply = open_reply(found)
    if reply is None:
        said = _("There is no reply to this case any more. Begin a new one.")
        return HttpResponse(
            said, status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain; charset=utf-8"
        )
    reply.case = found
    text = request.POST.get("text", "").replace("\r\n", "\n")[:MAX_CHARS]
    panel = read_lint_panel(reply, now=now_of(request), text=text)
    return render(request, "case/lint.html", {"lint": panel})
