"""Who else is at a case, as the pulse brings it: beside the case, and in its row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from amends.accounts.permissions import may_read
from amends.cases.models import Presence
from amends.cases.presence import leave_case, note_presence, presences_visible_to
from amends.cases.queries import case_or_none
from amends.web.pages import DeskRequest, action


@dataclass(frozen=True, slots=True)
class Here:
    """Who else is at one case."""

    number: int
    looking: tuple[str, ...] = ()
    typing: tuple[str, ...] = ()
    people: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PresenceNews:
    """For the pulse: a fingerprint (empty: nobody), and pieces by case number."""

    stamp: str = ""
    pieces: dict[str, dict[str, str]] = field(default_factory=dict)


def read_presence(request: HttpRequest, *, is_silent: bool = False) -> PresenceNews:
    """Note that this person is at the case that their page shows, and say who else is at which."""
    user, workspace = request.user, request.workspace  # type: ignore[attr-defined]
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    number = request.GET.get("case", "")
    if not is_silent and number.isdigit() and len(number) < 10:
        case = case_or_none(user, workspace=workspace, number=int(number))  # type: ignore[arg-type]
        if case is not None:
            is_typing = request.GET.get("typing") == "1"
            note_presence(case, person=user, is_typing=is_typing, now=now)  # type: ignore[arg-type]
    found = here_by_case(
        presences_visible_to(user, workspace=workspace, now=now),  # type: ignore[arg-type]
        now=now,
    )
    if not found:
        return PresenceNews()
    text = repr([(one.number, one.looking, one.typing) for one in found])
    return PresenceNews(
        hashlib.sha256(text.encode()).hexdigest()[:12],
        {
            str(one.number): {
                "row": render_to_string("team/here_row.html", {"here": one}),
                "case": render_to_string("team/here_case.html", {"here": one}),
            }
            for one in found
        },
    )


def here_by_case(presences: Iterable[Presence], *, now: datetime) -> Sequence[Here]:
    """The presences of each case in one; who types does not count as looking besides."""
    found = []
    for number, group in groupby(presences, key=lambda one: one.case.number):
        rows = list(group)
        typing = [one for one in rows if one.typing_until is not None and one.typing_until > now]
        looking = [one for one in rows if one not in typing]
        found.append(
            Here(
                number,
                tuple(str(one.person) for one in looking),
                tuple(str(one.person) for one in typing),
                tuple((one.person, one in typing) for one in rows),
            )
        )
    return found


@action(may=may_read)
def leave(request: DeskRequest) -> HttpResponse:
    """The page of a case was closed."""
    number = request.POST.get("case", "")
    if number.isdigit() and len(number) < 10:
        case = case_or_none(request.user, workspace=request.workspace, number=int(number))
        if case is not None:
            leave_case(case, person=request.user)
    return HttpResponse(status=204)
