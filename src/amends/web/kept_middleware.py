"""Two words between page and desk about what is typed: for whom it is, and that it has arrived."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.cases.keep_words import forget_words
from amends.web.middleware import Responder

PERSON = "X-Amends-Person"  # whose page it is, as the page itself says
ARRIVED = "kept_arrived"  # the cookie that tells the next page what it need not keep any more
MOST_PLACES, LONGEST_STAMP = 40, 40
COOKIE_AGE = 600  # seconds; the next page takes it away at once


class KeptMiddleware:
    """Refuses what another person's page sends, and confirms what was typed once a form is accepted."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.headers.get(PERSON, "")
        user = request.user if isinstance(request.user, User) else None
        if person and user is not None and person != str(user.pk):
            text = _("Somebody else is signed in at this browser now, so nothing was changed.")
            return HttpResponse(
                text, status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8"
            )
        response = self.get_response(request)
        if (
            request.method == "POST"
            and user is not None
            and response.status_code < HTTPStatus.BAD_REQUEST
        ):
            _confirm(request, response, user=user)
        return response


def _confirm(request: HttpRequest, response: HttpResponse, *, user: User) -> None:
    raw = request.POST.get("kept", "")
    workspace = getattr(request, "workspace", None)
    if not raw or workspace is None:
        return
    try:
        sent = json.loads(raw)
        stamp, places = str(sent["stamp"]), [str(one) for one in sent["places"]][:MOST_PLACES]
    except (ValueError, KeyError, TypeError):
        return
    forget_words(workspace, places=places, by=user)
    if stamp.isalnum() and len(stamp) <= LONGEST_STAMP:
        response.set_cookie(ARRIVED, stamp, max_age=COOKIE_AGE, samesite="Lax")
