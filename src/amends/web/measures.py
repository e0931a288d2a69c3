"""Measures on the page of a case: checking, asking, agreeing, taking back. No single key does any of it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_confirm_measure, may_measure
from amends.cases.family import family_of
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.cases.triage import words_to_judge
from amends.measures.confirm import confirm_measure, decline_measure
from amends.measures.foresee import foresee
from amends.measures.guard import Wanted
from amends.measures.models import Measure, MeasureKind, StatementOfReasons
from amends.measures.propose import propose_measure
from amends.measures.refusals import REFUSALS
from amends.measures.settle import confirm_by_hand, settle_measure
from amends.measures.statement import StatementForm, draft_statement, text_by_hand
from amends.measures.undo import confirm_undone, take_back
from amends.web.asked import asked_moment
from amends.web.cases import act, find_case, now_of, show_case, user_of
from amends.web.measure_panel import level_words
from amends.web.pages import action

PLACE = "measures"
MAX_SPANS = 20


@action(may=may_measure)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Look what would happen (`step=check`), or ask for it."""
    found = find_case(request, number)
    if request.POST.get("step") != "ask":
        return _check(request, found)

    def propose() -> str:
        measure = propose_measure(
            found,
            wanted=_wanted(request, found),
            statement=_statement(request),
            by=user_of(request),
            now=now_of(request),
        )
        if measure.is_confirmed_before:
            return _("Asked for. It waits for a second person.")
        return _("Asked for. It is being carried out.")

    return act(request, found, do=propose, place=PLACE, then="measures")


@action(may=may_confirm_measure)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Agree, or do not."""
    found = find_case(request, number)

    def decide() -> str:
        measure = _measure(request, found)
        if request.POST.get("answer") == "no":
            reason = request.POST.get("reason", "")
            decline_measure(measure, reason=reason, by=user_of(request), now=now_of(request))
            return _("Declined.")
        confirm_measure(
            measure,
            by=user_of(request),
            now=now_of(request),
            criticism_apart=request.POST.get("apart") == "yes",
        )
        return _("You agreed.")

    return act(request, found, do=decide, place=PLACE, then="measures")


@action(may=may_confirm_measure)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a measure back, or say that it was taken back on the channel by hand."""
    found = find_case(request, number)

    def back() -> str:
        measure = _measure(request, found)
        if request.POST.get("done") == "yes":
            confirm_undone(measure, by=user_of(request), now=now_of(request))
            return _("Noted: taken back.")
        reason = request.POST.get("reason", "")
        take_back(measure, reason=reason, by=user_of(request), now=now_of(request))
        return _("It is being taken back.")

    return act(request, found, do=back, place=PLACE, then="measures")


@action(may=may_measure)
def by_hand(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a person carried it out on the channel."""
    found = find_case(request, number)

    def done() -> str:
        clock = request.clock  # type: ignore[attr-defined]
        seen = confirm_by_hand(_measure(request, found), by=user_of(request), clock=clock)
        return _("Noted, and seen on the channel.") if seen else _("Noted, on your word.")

    return act(request, found, do=done, place=PLACE, then="measures")


@action(may=may_measure)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether an unknown measure stands."""
    found = find_case(request, number)

    def decide() -> str:
        stands = request.POST.get("stands") == "yes"
        settle_measure(
            _measure(request, found), stands=stands, by=user_of(request), now=now_of(request)
        )
        return _("Noted: it stands.") if stands else _("Noted: it does not stand.")

    return act(request, found, do=decide, place=PLACE, then="measures")


@action(may=may_measure)
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """Make a reply of a statement of reasons, or show it for handing over by hand."""
    found = find_case(request, number)
    if request.POST.get("how") == "hand":
        return _show_by_hand(request, found)

    def draft() -> str:
        draft_statement(_statement_row(request, found), by=user_of(request), now=now_of(request))
        return _("The statement is a draft now: ask for approval.")

    return act(request, found, do=draft, place=PLACE, then="reply")


def _check(request: HttpRequest, found: Case) -> HttpResponse:
    """The form again, with what the guard says and what would follow."""
    try:
        seen = foresee(
            found,
            wanted=_wanted(request, found),
            statement=_statement(request),
            now=now_of(request),
        )
    except NotPossible as refused:
        problem = {"place": PLACE, "text": str(refused)}
        return _show(request, found, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    extra = {
        "foresight": seen,
        "objections": [str(REFUSALS[code]) for code in seen.codes],
        "who": level_words(seen.level),
        "typed_spans": request.POST.getlist("span"),
    }
    return _show(request, found, extra=extra)


def _show_by_hand(request: HttpRequest, found: Case) -> HttpResponse:
    try:
        row = _statement_row(request, found)
        text = text_by_hand(row, by=user_of(request), now=now_of(request))
    except NotPossible as refused:
        problem = {"place": PLACE, "text": str(refused)}
        return _show(request, found, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _show(request, found, extra={"handed": {"measure": row.measure_id, "text": text}})


def _show(request: HttpRequest, found: Case, **values: Any) -> HttpResponse:
    show: Callable[..., HttpResponse] = show_case
    return show(request, find_case(request, found.number), **values)


def _wanted(request: HttpRequest, found: Case) -> Wanted:
    kind = request.POST.get("kind", "")
    if kind not in MeasureKind.values:
        raise NotPossible(_("Choose what should be done."))
    version = words_to_judge(found)
    text = version.text if version else ""
    places = _places(request, text)
    return Wanted(
        kind=MeasureKind(kind),
        clause=request.POST.get("clause", ""),
        words=places,
        until=asked_moment(request.POST.get("until", "")) if kind == "temporary_ban" else None,
        reason=request.POST.get("reason", ""),
        skipped_because=request.POST.get("skipped_because", ""),
        is_bulk=request.POST.get("bulk") == "yes",
    )


def _places(request: HttpRequest, text: str) -> tuple[tuple[int, int], ...]:
    """The marked words: those that were clicked, and each line that was typed, where it stands first."""
    places = {_span(value) for value in request.POST.getlist("span")[:MAX_SPANS]}
    typed = request.POST.get("words", "").replace("\r\n", "\n").split("\n")
    for line in typed[:MAX_SPANS]:
        said = line.strip()
        if said:
            start = text.find(said)
            if start < 0 and request.POST.get("step") == "ask":
                return ((-1, -1),)  # the guard refuses it, and the try is logged
            if start < 0:
                raise NotPossible(
                    _("“%(words)s” does not stand in the comment to the letter.")
                    % {"words": said[:80]}
                )
            places.add((start, start + len(said)))
    return _apart(sorted(places))


def _apart(places: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Places in order; those that touch or overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _span(value: str) -> tuple[int, int]:
    start, _dash, end = value.partition("-")
    is_place = all(one.isascii() and one.isdigit() and len(one) < 9 for one in (start, end))
    return (int(start), int(end)) if is_place else (-1, -1)


def _statement(request: HttpRequest) -> StatementForm:
    return StatementForm(
        facts=request.POST.get("facts", ""),
        own_initiative=request.POST.get("initiative") != "notice",
    )


def _measure(request: HttpRequest, found: Case) -> Measure:
    wanted = request.POST.get("measure", "")
    is_key = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
    rows = Measure.objects.filter(case__in=family_of(found))
    row = rows.filter(pk=int(wanted)).first() if is_key else None
    if row is None:
        raise NotPossible(_("There is no such measure on this case."))
    if row.case_id == found.pk:
        row.case = found
    measure: Measure = row
    return measure


def _statement_row(request: HttpRequest, found: Case) -> StatementOfReasons:
    row = StatementOfReasons.objects.filter(measure=_measure(request, found)).first()
    if row is None:
        raise NotPossible(_("Nobody is told about this measure."))
    statement_of: StatementOfReasons = row
    return statement_of
