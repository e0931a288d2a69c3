"""What is typed and not sent off yet: handed over by the pages as it is typed, given back when they open.

Who types is asked with every saving: a page that Mira left open must never speak for whoever signed in
after her at the same browser.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from amends.accounts.permissions import may_read
from amends.cases.keep_words import WordsConflict, keep_words, kept_words_of
from amends.cases.models import KeptWords
from amends.cases.transitions import NotPossible
from amends.web.cases import now_of, user_of
from amends.web.pages import page, public_page


@page(may=may_read, to_post=may_read)
def kept(request: HttpRequest) -> HttpResponse:
    """All that this person has typed here and not sent (GET); keep the words of one field (POST)."""
    workspace = request.workspace  # type: ignore[attr-defined]
    if request.method != "POST":
        rows = kept_words_of(user_of(request), workspace=workspace)
        return JsonResponse({"kept": [_shown(one) for one in rows]})
    raw = request.POST.get("revision", "0")
    now = now_of(request)
    try:
        revision = keep_words(
            workspace,
            place=request.POST.get("place", ""),
            text=request.POST.get("text", "").replace("\r\n", "\n"),
            revision=int(raw) if raw.isdecimal() and len(raw) < 10 else 0,
            by=user_of(request),
            now=now,
        )
    except WordsConflict as conflict:
        theirs = _shown(conflict.theirs) if conflict.theirs else None
        return JsonResponse({"theirs": theirs}, status=HTTPStatus.CONFLICT)
    except NotPossible as refused:
        return JsonResponse({"problem": str(refused)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"revision": revision, "at": now.isoformat()})


@public_page
@never_cache
def who(request: HttpRequest) -> JsonResponse:
    """Who is signed in at this browser just now, by number; 0 for nobody."""
    return JsonResponse({"person": request.user.pk or 0})


def _shown(row: KeptWords) -> dict[str, Any]:
    return {
        "place": row.place,
        "text": row.text,
        "revision": row.revision,
        "at": row.changed_at.isoformat(),
    }
