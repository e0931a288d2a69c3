"""What the page of a case shows of working together: labels, sleep, who is here, macros, routing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import (
    may_assign,
    may_label,
    may_manage_labels,
    may_see_lane,
    may_snooze,
)
from amends.accounts.queries import members_of
from amends.cases.label import labels_offered, labels_on
from amends.cases.macros import macros_visible_to
from amends.cases.models import Case, Label, Macro, Routing, RoutingState, Stroke, StrokeKind
from amends.cases.presence import presences_visible_to
from amends.cases.snooze import SHORTEST, Choice, limit_of, snooze_choices
from amends.cases.undo import UNDO_WITHIN
from amends.replies.models import Reply, ReplyRevision
from amends.web.act_words import SNOOZES, WOKEN, macro_sentences
from amends.web.presence import Here, here_by_case

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class MacroView:
    """A macro that can be run here, and what it will do."""

    macro: Macro
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class RoutingView:
    """How the rules came to who has the case."""

    words: str
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TeamPart:
    """Everything of it, for one person at one moment."""

    labels: list[Label]
    offered: list[Label]
    may_label: bool
    may_make_labels: bool
    may_snooze: bool
    may_take: bool
    is_asleep: bool
    choices: tuple[tuple[Choice, str], ...]
    wakes_by: datetime | None
    is_too_late: bool  # a clock is nearly over or has run out: it cannot sleep
    woken: str
    here: Here
    writer: ReplyRevision | None
    macros: list[MacroView]
    undoable: Stroke | None
    routing: RoutingView | None
    people: list[tuple[str, str]]  # for the completion of @: the name and what is inserted


def read_team_part(case: Case, *, user: User, now: datetime, reply: Reply | None) -> TeamPart:
    """Read it; the caller has made sure that this person may see the case."""
    workspace = case.workspace
    may_sleep = may_snooze(user, workspace) and case.is_open
    is_asleep = case.snoozed_until is not None and case.snoozed_until > now
    limit = limit_of(case) if may_sleep else None
    there = presences_visible_to(user, workspace=workspace, now=now).filter(case=case)
    is_labeller = may_label(user, workspace)
    return TeamPart(
        labels=labels_on(case),
        offered=list(labels_offered(workspace)) if is_labeller else [],
        may_label=is_labeller,
        may_make_labels=may_manage_labels(user, workspace),
        may_snooze=may_sleep,
        may_take=may_assign(user, workspace) and case.is_open,
        is_asleep=is_asleep,
        choices=_choices(case, user=user, now=now) if may_sleep else (),
        wakes_by=limit.latest if limit else None,
        is_too_late=limit is not None and limit.latest < now + SHORTEST,
        woken=str(WOKEN.get(case.woken_because, "")) if case.woken_at else "",
        here=next(iter(here_by_case(there, now=now)), Here(case.number)),
        writer=_writer(reply),
        macros=_macros(case, user=user),
        undoable=_undoable(case, user=user, now=now),
        routing=_routing(case),
        people=_people(case),
    )


def _choices(case: Case, *, user: User, now: datetime) -> tuple[tuple[Choice, str], ...]:
    found = snooze_choices(case.brand_id, person=user, now=now)
    names = {
        "later": SNOOZES["later"],
        "tomorrow": _("Tomorrow morning"),
        "monday": _("Monday morning"),
    }
    return tuple((one, str(names[one.code])) for one in found)


def _writer(reply: Reply | None) -> ReplyRevision | None:
    """The last revision of the draft, with who wrote it."""
    if reply is None:
        return None
    rows = ReplyRevision.objects.filter(reply=reply).select_related("edited_by")
    return rows.order_by("-number").first()


def _macros(case: Case, *, user: User) -> list[MacroView]:
    if not case.is_open:
        return []
    found = list(macros_visible_to(user, workspace=case.workspace))
    return [MacroView(*pair) for pair in zip(found, macro_sentences(found), strict=True)]


def _undoable(case: Case, *, user: User, now: datetime) -> Stroke | None:
    """The macro that this person ran here a moment ago."""
    since = now - UNDO_WITHIN[StrokeKind.MACRO]
    rows = Stroke.objects.filter(
        workspace=case.workspace_id,
        made_by=user,
        kind=StrokeKind.MACRO,
        made_at__gte=since,
        undone_at__isnull=True,
    ).order_by("-pk")[:20]
    return next((one for one in rows if any(p["case"] == case.number for p in one.parts)), None)


def _routing(case: Case) -> RoutingView | None:
    row = Routing.objects.filter(case=case).select_related("rules", "assigned_to").first()
    if row is None or row.state in {RoutingState.WAITING, RoutingState.TAKEN}:
        return None
    return RoutingView(routing_words(row.state, row.explained), asked_words(row.explained))


def routing_words(state: str, explained: dict[str, Any]) -> str:
    """What the rules came to, in one sentence."""
    said = {"rule": explained.get("rule"), "name": explained.get("chosen")}
    if state == RoutingState.ASSIGNED:
        return _("Assigned to %(name)s by rule %(rule)s.") % said
    if state == RoutingState.NOBODY and not explained.get("asked"):
        words = _(
            "Rule %(rule)s fits, but nobody here has what it asks for: it waits in the queue."
        )
        return words % said
    if state == RoutingState.NOBODY:
        return (
            _("Rule %(rule)s fits, but nobody it means is at work: it waits in the queue.") % said
        )
    return _("No routing rule fits this case.")


def asked_words(explained: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each person whom the rule meant, with what spoke for or against them."""
    whys = {"away": _("away"), "hours": _("not at work now")}
    return tuple(
        (
            one["name"],
            str(whys.get(one["why"], one["why"]))
            if one["why"]
            else _("open cases: %(count)d") % {"count": one["load"]},
        )
        for one in explained.get("asked", ())
    )


def _people(case: Case) -> list[tuple[str, str]]:
    """Whom a note can call: who may see the case, with the word that finds them."""
    found = members_of(case.workspace)[:MOST_PEOPLE]
    return [
        (str(one.user), ".".join(str(one.user).split()))
        for one in found
        if may_see_lane(one.user, case.workspace, case.lane)
    ]
