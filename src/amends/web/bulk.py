"""Several cases at once, from the list: what was selected, what was done, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.accounts.models import User
from amends.accounts.permissions import may_assign, may_read
from amends.accounts.queries import people_who_may_work
from amends.cases.acts import Act
from amends.cases.bulk import AT_MOST, act_in_bulk
from amends.cases.close import CLOSES_AS
from amends.cases.label import labels_offered
from amends.cases.models import DispositionCode, Label, Stroke
from amends.cases.snooze import refuse_far_moment
from amends.cases.transitions import NotPossible
from amends.cases.undo import stroke_or_none, undo_stroke, undoable_until
from amends.web.act_words import SNOOZES
from amends.web.asked import asked_moment
from amends.web.list_place import ListPlace, place_of
from amends.web.pages import DeskRequest, action, page
from amends.web.rows import numbers_at

SHOWN_REFUSALS = 20
MOST_TYPED = 40
OWN = "own"  # the choice of a moment that the person names


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What the last act came to: "18 done, 2 not", which ones not and why, and until when to undo it."""

    stroke: Stroke
    done: str
    refused: list[tuple[str, str]]
    more: int
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class BulkPart:
    """The bar above the list while something is selected."""

    people: list[User]
    labels: list[Label]
    snoozes: list[tuple[str, str]]
    closings: list[tuple[str, str]]
    at_most: int
    result: BulkResult | None
    picked: tuple[int, ...]  # what was selected when an act was refused
    own: str  # the date and time that was typed then


def read_bulk_part(request: HttpRequest) -> BulkPart | None:
    """What can be done to several cases; None for who may do nothing to a case."""
    user, workspace = request.user, request.workspace  # type: ignore[attr-defined]
    if not isinstance(user, User) or not may_assign(user, workspace):
        return None
    return BulkPart(
        people=list(people_who_may_work(workspace).exclude(pk=user.pk).distinct()[:200]),
        labels=list(labels_offered(workspace)),
        snoozes=[(code, str(words)) for code, words in SNOOZES.items()],
        closings=[
            (code.value, str(code.label)) for code in CLOSES_AS if code != DispositionCode.DUPLICATE
        ],
        at_most=AT_MOST,
        result=_result(request),
        picked=_read_numbers(request.GET.get("picked", "").split("."))[:AT_MOST],
        own=request.GET.get("own", "")[:MOST_TYPED],
    )


@action(may=may_assign)
def bulk(request: DeskRequest) -> HttpResponse:
    """Do it to each selected case, and say of how many it was done; what is refused keeps the selection."""
    numbers = _read_numbers(request.POST.getlist("case"))
    back = place_of(request)
    try:
        act = _read_act(request)
        stroke = act_in_bulk(
            numbers,
            act=act,
            workspace=request.workspace,
            by=request.user,
            now=request.clock.now(),
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(_address(back, **_kept(request, numbers)))
    return HttpResponseRedirect(_address(back, done=str(stroke.pk)))


@action(may=may_assign)
def undo(request: DeskRequest) -> HttpResponse:
    """Take back what the last act did, each case for itself."""
    raw = request.POST.get("stroke", "")
    key = int(raw) if raw.isdigit() and len(raw) < 19 else 0
    stroke = stroke_or_none(request.user, workspace=request.workspace, pk=key)
    try:
        if stroke is None:
            raise NotPossible(_("This cannot be undone any more."))
        kept = undo_stroke(stroke, by=request.user, now=request.clock.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        undone = len(stroke.parts) - len(kept)
        messages.success(
            request, ngettext("%(n)d undone.", "%(n)d undone.", undone) % {"n": undone}
        )
        for public_id, why in kept[:SHOWN_REFUSALS]:
            messages.warning(request, f"{public_id}: {why}")
    return HttpResponseRedirect(_address(place_of(request)))


@page(may=may_read)
def numbers(request: DeskRequest) -> HttpResponse:
    """The numbers of the cases in a view, for selecting all of it: no more than can be done at once."""
    place = ListPlace.read(request.GET.get("view", "all"), dict(request.GET.lists()))
    if place is None:
        raise Http404(_("There is no such view."))
    found = numbers_at(
        request.user,
        workspace=request.workspace,
        place=place,
        now=request.clock.now(),
        limit=AT_MOST,
    )
    return JsonResponse({"numbers": found})


def _read_act(request: DeskRequest) -> Act:
    """The button says the verb and its value, such as assign:12; closing has fields of its own."""
    verb, _colon, value = request.POST.get("act", "").partition(":")
    if (verb, value) == ("snooze", OWN):
        return Act(verb, {"until": _read_until(request)})
    names = {"assign": "to", "label": "label", "unlabel": "label", "snooze": "choice"}
    if verb == "close":
        values = {name: request.POST.get(name, "") for name in ("disposition", "reason")}
        return Act(verb, values)
    return Act(verb, {names[verb]: value} if verb in names else {})


def _read_until(request: DeskRequest) -> datetime:
    """The moment that a person names, by their own wall; raises NotPossible for one that is none."""
    until = asked_moment(request.POST.get("until", ""))
    if until is None:
        raise NotPossible(_("Name a day and a time."))
    refuse_far_moment(until, now=request.clock.now())
    return until


def _read_numbers(raw: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in raw if one.isascii() and one.isdigit() and len(one) < 10)


def _kept(request: DeskRequest, numbers: Sequence[int]) -> dict[str, str]:
    """What lets the page stand as it stood: the selection, unless it is too large, and what was typed."""
    kept = {}
    if len(numbers) <= AT_MOST:
        kept["picked"] = ".".join(str(one) for one in numbers)
    if request.POST.get("act") == f"snooze:{OWN}":
        kept["own"] = request.POST.get("until", "")[:MOST_TYPED]
    return {name: value for name, value in kept.items() if value}


def _address(place: ListPlace, **more: str) -> str:
    return f"{place.fragment}{urlencode(more)}" if more else place.address


def _result(request: HttpRequest) -> BulkResult | None:
    raw = request.GET.get("done", "")
    if not (raw.isdigit() and len(raw) < 19):
        return None
    user: Any = request.user
    stroke = stroke_or_none(user, workspace=request.workspace, pk=int(raw))  # type: ignore[attr-defined]
    if stroke is None or stroke.undone_at is not None:
        return None
    until = undoable_until(stroke)
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    return BulkResult(
        stroke=stroke,
        done=_counted(len(stroke.parts), len(stroke.refused)),
        refused=[(one, why) for one, why in stroke.refused[:SHOWN_REFUSALS]],
        more=max(len(stroke.refused) - SHOWN_REFUSALS, 0),
        undo_until=until if until is not None and now < until else None,
    )


def _counted(done: int, refused: int) -> str:
    if not refused:
        return ngettext("%(n)d done.", "%(n)d done.", done) % {"n": done}
    return _("%(done)d done, %(refused)d not:") % {"done": done, "refused": refused}
