"""The labels of a workspace: make, rename, recolour, retire, merge, and how many cases bear each."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_manage_labels, may_read
from amends.cases.label import labels_visible_to, make_label
from amends.cases.manage_labels import (
    change_label,
    label_counts_visible_to,
    merge_labels,
    retire_label,
    revive_label,
)
from amends.cases.models import Label, LabelColour
from amends.cases.transitions import NotPossible
from amends.web.case_team import posted_key
from amends.web.pages import DeskRequest, page


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label with the number of cases that this person may see it on."""

    label: Label
    open: int
    all: int


@page(may=may_read, to_post=may_manage_labels)
def labels(request: DeskRequest) -> HttpResponse:
    """Everybody reads them; who manages them changes them."""
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _do(request))
        except NotPossible as refused:
            problem = str(refused)
        else:
            return HttpResponseRedirect(reverse("labels"))
    counts = label_counts_visible_to(request.user, workspace=request.workspace)
    rows = [
        LabelView(one, *counts.get(one.pk, (0, 0)))
        for one in labels_visible_to(request.user, workspace=request.workspace)
    ]
    shown = {
        "rows": [one for one in rows if one.label.retired_at is None],
        "retired": [one for one in rows if one.label.retired_at is not None],
        "colours": LabelColour.choices,
        "may_edit": may_manage_labels(request.user, request.workspace),
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "labels/labels.html", shown, status=status)


def _do(request: DeskRequest) -> str:
    """What the button asks for; returns what to say."""
    by, now = request.user, request.clock.now()
    name, colour = request.POST.get("name", ""), request.POST.get("colour", "")
    what = request.POST.get("do", "")
    if what == "make":
        made = make_label(request.workspace, name=name, colour=colour, by=by, now=now)
        return _("“%(name)s” can be put on cases now.") % {"name": made}
    label = _label(request, "label")
    if what == "change":
        change_label(label, name=name, colour=colour, by=by, now=now)
        return _("Saved.")
    if what == "merge":
        into = _label(request, "into")
        merge_labels(label, into=into, by=by, now=now)
        return _("“%(name)s” is part of “%(into)s” now.") % {"name": label, "into": into}
    if what == "retire":
        retire_label(label, by=by, now=now)
        return _("“%(name)s” is offered no more; the cases that bear it keep it.") % {"name": label}
    revive_label(label, by=by, now=now)
    return _("“%(name)s” can be put on cases now.") % {"name": label}


def _label(request: DeskRequest, field: str) -> Label:
    rows = labels_visible_to(request.user, workspace=request.workspace)
    found = rows.filter(pk=posted_key(request, field) or 0).first()
    if found is None:
        raise NotPossible(_("Choose a label."))
    return found
