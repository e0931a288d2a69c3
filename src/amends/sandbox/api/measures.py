"""The address by which a brand hides, removes, blocks, bans and reports, and takes it back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from amends.sandbox.api.access import CLOCK, NotFoundError, api_view, read_json
from amends.sandbox.api.shapes import as_iso
from amends.sandbox.errors import RefusedError
from amends.sandbox.models import MeasureAct, Moderation, Person, Post
from amends.sandbox.moderate import Asked, lift, moderate_once

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_GROUND = re.compile(r"[a-z_]{0,32}")


@api_view("GET", "PUT", "DELETE")
def measure(request: HttpRequest, key: str, *, account: Person) -> JsonResponse:
    """PUT does it once, however often it is sent; GET looks it up; DELETE takes it back."""
    if not _KEY.fullmatch(key):
        raise RefusedError(_("The key must have 8 to 64 letters, digits, - or _."), field="key")
    if request.method == "PUT":
        asked = _read_asked(read_json(request), account=account)
        done, is_new = moderate_once(asked, key=key, now=CLOCK.now())
        return JsonResponse(_as_json(done), status=201 if is_new else 200)
    found = Moderation.objects.filter(key=key, brand=account).select_related("post").first()
    if found is None:
        raise NotFoundError(_("Nothing stands under this key."))
    if request.method == "DELETE":
        lift(found, now=CLOCK.now())
        found.refresh_from_db()
    return JsonResponse(_as_json(found))


def _read_asked(body: dict[str, Any], *, account: Person) -> Asked:
    act, ground = body.get("act"), body.get("ground") or ""
    if act not in MeasureAct.values:
        raise RefusedError(_("act is none that this network knows."), field="act")
    if not isinstance(ground, str) or not _GROUND.fullmatch(ground):
        raise RefusedError(_("ground must be a code of small letters."), field="ground")
    post = Post.objects.select_related("author", "root").filter(pk=body.get("post_id")).first()
    if post is None:
        raise NotFoundError(_("There is no post with this id."), field="post_id")
    return Asked(MeasureAct(act), account, post, ground=ground, until=_until(body))


def _until(body: dict[str, Any]) -> datetime | None:
    given = body.get("until")
    if not given:
        return None
    try:
        until = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        until = None
    if until is None or until.tzinfo is None:
        raise RefusedError(
            _("%s must be a moment in ISO 8601 with its time zone.") % "until", field="until"
        )
    return until


def _as_json(done: Moderation) -> dict[str, Any]:
    return {
        "key": done.key,
        "act": done.act,
        "post_id": done.post_id,
        "person_id": done.person_id,
        "ground": done.ground,
        "until": as_iso(done.until) if done.until else None,
        "at": as_iso(done.at),
        "lifted_at": as_iso(done.lifted_at) if done.lifted_at else None,
    }
