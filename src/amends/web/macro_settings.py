"""Macros: those of everybody and one's own, made and changed step by step, with their preview."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_share_macros, may_use_macros
from amends.accounts.queries import people_who_may_work
from amends.cases.acts import Act
from amends.cases.close import CLOSES_AS
from amends.cases.label import labels_offered
from amends.cases.macros import (
    MACRO_VERBS,
    MOST_STEPS,
    change_macro,
    macros_visible_to,
    make_macro,
    retire_macro,
    steps_of,
)
from amends.cases.models import DispositionCode, Macro
from amends.cases.transitions import NotPossible
from amends.web.act_words import SNOOZES, VERBS, macro_sentences
from amends.web.case_team import posted_key
from amends.web.pages import DeskRequest, page

FIELDS = ("to", "label", "choice", "text", "disposition", "reason")
SPARE = 2  # empty steps at the end of the form


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the form shows it."""

    number: int
    verb: str
    values: dict[str, Any]


@page(may=may_use_macros, to_post=may_use_macros)
def macros(request: DeskRequest) -> HttpResponse:
    """The macros, and the form of one: a new one, or `?macro=` one that is there."""
    found = macros_visible_to(request.user, workspace=request.workspace)
    key = request.GET.get("macro", "")
    edited = found.filter(pk=int(key)).first() if key.isdigit() and len(key) < 19 else None
    if key and edited is None:
        raise Http404(_("There is no such macro."))
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _do(request, edited))
        except NotPossible as refused:
            problem = str(refused)
        else:
            return HttpResponseRedirect(reverse("macros"))
    offered = list(found)
    shown = {
        "macros": list(zip(offered, macro_sentences(offered), strict=True)),
        "edited": edited,
        "rows": _rows(request, edited, is_refused=bool(problem)),
        "name": request.POST.get("name", "") if problem else (edited.name if edited else ""),
        "is_shared": "shared" in request.POST if problem else bool(edited and not edited.owner_id),
        "may_share": may_share_macros(request.user, request.workspace),
        "problem": problem,
        "verbs": [(verb, str(VERBS[verb])) for verb in MACRO_VERBS],
        "people": people_who_may_work(request.workspace).distinct()[:200],
        "labels": labels_offered(request.workspace),
        "snoozes": [(code, str(words)) for code, words in SNOOZES.items()],
        "closings": [
            (code.value, code.label) for code in CLOSES_AS if code != DispositionCode.DUPLICATE
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "macros/macros.html", shown, status=status)


def _do(request: DeskRequest, edited: Macro | None) -> str:
    by, now = request.user, request.clock.now()
    if request.POST.get("do") == "retire":
        rows = macros_visible_to(by, workspace=request.workspace)
        macro = rows.filter(pk=posted_key(request, "macro") or 0).first()
        if macro is None:
            raise NotPossible(_("This macro is not offered any more."))
        retire_macro(macro, by=by, now=now)
        return _("“%(name)s” is offered no more.") % {"name": macro}
    said: dict[str, Any] = {
        "name": request.POST.get("name", ""),
        "steps": [Act(row.verb, row.values) for row in typed_rows(request.POST) if row.verb],
        "is_shared": "shared" in request.POST,
        "by": by,
        "now": now,
    }
    if edited is None:
        make_macro(request.workspace, **said)
        return _("Saved. Press m on a case to run it.")
    change_macro(edited, **said)
    return _("Saved.")


def typed_rows(posted: QueryDict) -> list[StepRow]:
    """The steps as they were typed; each has its fields under its number."""
    return [
        StepRow(
            number,
            posted.get(f"verb-{number}", ""),
            {name: text for name in FIELDS if (text := posted.get(f"{name}-{number}", ""))},
        )
        for number in range(1, MOST_STEPS + 1)
    ]


def _rows(request: DeskRequest, edited: Macro | None, *, is_refused: bool) -> list[StepRow]:
    """What the form shows: what was typed, or the steps of the macro, and empty ones behind."""
    if is_refused:
        rows = [row for row in typed_rows(request.POST) if row.verb]
    else:
        steps = steps_of(edited) if edited else ()
        rows = [StepRow(0, step.verb, dict(step.values)) for step in steps]
    spare = max(min(SPARE if rows else 3, MOST_STEPS - len(rows)), 0)
    rows += [StepRow(0, "", {})] * spare
    return [
        StepRow(number, row.verb, {name: str(one) for name, one in row.values.items()})
        for number, row in enumerate(rows, start=1)
    ]
