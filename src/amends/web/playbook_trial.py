"""The what-if: tries the draft on past cases, in the background, and shows what would have been different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from amends.accounts.permissions import may_edit_playbook
from amends.cases.models import Case, WhatIf, WhatIfChange
from amends.cases.playbook_queries import (
    count_aspects,
    count_moves,
    last_what_if,
    what_if_cases_visible_to,
    what_if_changes_visible_to,
)
from amends.cases.publish_playbook import check_draft, playbook_draft
from amends.cases.transitions import NotPossible
from amends.cases.what_if import ASPECTS, ask_what_if, cancel_what_if
from amends.web import labels
from amends.web.pages import DeskRequest, action, page
from amends.web.playbook_words import span_text

DAYS = 90  # how far back it looks unless somebody says otherwise
CASES_A_PAGE = 50


class DaysForm(forms.Form):
    """Which cases to try it on, by the day on which they were opened."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def moments(self) -> tuple[datetime, datetime]:
        """The days as a half-open range of moments in the time zone of the desk."""
        last = self.cleaned_data["until"] + timedelta(days=1)
        return _midnight(self.cleaned_data["since"]), _midnight(last)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A case that would be decided in another way, in words."""

    case: Case
    changes: tuple[tuple[str, str, str], ...]  # in what, before, after


@page(may=may_edit_playbook, to_post=may_edit_playbook)
def trial(request: DeskRequest) -> HttpResponse:
    """Choose the days, start, and read the result; it may be left meanwhile."""
    if request.method != "POST":
        return _show(request, form=DaysForm(initial=_usual_days(request)))
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    since, until = form.moments()
    return _do(
        request,
        lambda: ask_what_if(
            request.workspace,
            since=since,
            until=until,
            by=request.user,
            now=request.clock.now(),
        ),
        said=_("The what-if has begun."),
    )


@page(may=may_edit_playbook)
def progress(request: DeskRequest) -> HttpResponse:
    """How far it is; once it has ended, the whole page is asked for anew."""
    run = last_what_if(request.user, workspace=request.workspace)
    response = render(request, "playbook/progress.html", {"run": run, "now": request.clock.now()})
    if run is None or not run.is_running:
        response.headers["HX-Refresh"] = "true"
    return response


@action(may=may_edit_playbook)
def cancel(request: DeskRequest) -> HttpResponse:
    """Stop it."""
    return _do(
        request,
        lambda: cancel_what_if(request.workspace, by=request.user, now=request.clock.now()),
        said=_("The what-if is cancelled."),
    )


def _do(request: DeskRequest, verb: Callable[[], object], *, said: str) -> HttpResponse:
    try:
        verb()
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("playbook_trial"))


def _show(
    request: DeskRequest, *, form: DaysForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    draft = playbook_draft(request.workspace)
    checked = check_draft(request.workspace, text=draft.text) if draft else None
    run = last_what_if(request.user, workspace=request.workspace)
    digest = checked.playbook.named.digest if checked and checked.playbook else ""
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "may_start": bool(digest) and not (run and run.is_running),
        "run": run,
        "is_of_draft": run is not None and run.digest == digest,
        "last_day": run.until - timedelta(days=1) if run else None,
        "now": request.clock.now(),
    }
    if run is not None and not run.is_running:
        context |= _result(request, run)
    return render(request, "playbook/trial.html", context, status=status)


def _result(request: DeskRequest, run: WhatIf) -> dict[str, Any]:
    """Counts and cases, as far as this person may see them."""
    changes = what_if_changes_visible_to(request.user, run=run)
    counts = count_aspects(changes)
    aspect = request.GET.get("by", "")
    listed = changes.filter(**{aspect: True}) if aspect in ASPECTS else changes
    shown = Paginator(listed, CASES_A_PAGE).get_page(request.GET.get("page"))
    return {
        "tried": what_if_cases_visible_to(request.user, run=run).count(),
        "changed": counts["all"],
        "aspects": [(name, _aspect(name), counts[name]) for name in ASPECTS if counts[name]],
        "moves": count_moves(changes),
        "by": aspect if aspect in ASPECTS else "",
        "cases": [_view(one) for one in shown],
        "shown": shown,
    }


def _view(change: WhatIfChange) -> ChangeView:
    found = []
    for name in ASPECTS:
        if not getattr(change, name):
            continue
        if name == "rest":
            found.append((_aspect(name), "", ""))
            continue
        before, after = _both(name, before=change.before[name], after=change.after[name])
        found.append((_aspect(name), before, after))
    return ChangeView(change.case, tuple(found))


def _aspect(name: str) -> str:
    words = {
        "rule": pgettext("what changes", "Rule"),
        "priority": _("Priority"),
        "approval": _("Approval"),
        "strategy": _("Parts of the reply"),
        "clocks": _("Clocks"),
        "rest": _("Joined rules, what must not be said, tasks, watching"),
    }
    return words[name]


def _both(name: str, *, before: Any, after: Any) -> tuple[str, str]:
    """Both sides in words; of clocks only those that differ."""
    if name == "clocks":
        differing = [key for key in before | after if before.get(key) != after.get(key)]
        return _clock_words(before, differing), _clock_words(after, differing)
    return _words(name, before), _words(name, after)


def _clock_words(times: dict[str, str], shown: list[str]) -> str:
    words = {
        "first_reply": _("First reply"),
        "progress": _("Progress"),
        "resolution": _("Resolution"),
    }
    said = [
        f"{words[key]} {span_text(times[key]) if key in times else '–'}"
        for key in shown
        if key in words
    ]
    if "hours" in shown:
        is_always = times.get("hours") == "always"
        said.append(_("around the clock") if is_always else _("in working hours"))
    return ", ".join(said)


def _words(name: str, value: Any) -> str:
    if name == "strategy":
        parts = (labels.COMPONENTS.get(code, (code, ""))[0] for code in value)
        return ", ".join(str(one) for one in parts) or _("no reply")
    tables = {"priority": labels.PRIORITIES, "approval": labels.APPROVALS}
    return f"{value}: {labels.label_of(tables[name], value)}" if name in tables else str(value)


def _usual_days(request: DeskRequest) -> dict[str, date]:
    today = timezone.localtime(request.clock.now()).date()
    return {"since": today - timedelta(days=DAYS), "until": today}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
