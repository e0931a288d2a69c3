"""The playbook as everybody reads it: what is in force, its versions, and how its rules fare."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.models import TextKind, TextVersion
from amends.accounts.permissions import may_edit_playbook, may_read
from amends.accounts.texts import TextConflict, text_versions
from amends.cases.in_force import playbook_of, text_of, version_in_force
from amends.cases.playbook_queries import rule_counts
from amends.cases.publish_playbook import playbook_draft, take_back_playbook
from amends.cases.transitions import NotPossible
from amends.core.playbook.schema import check_playbook
from amends.web.line_diff import diff_lines
from amends.web.pages import DeskRequest, action, page
from amends.web.playbook_parts import (
    view_bands,
    view_components,
    view_differences,
    view_pauses,
)
from amends.web.playbook_words import view_playbook, view_problems

COUNTED = timedelta(days=90)
VERSIONS_SHOWN = 50


@page(may=may_read)
def playbook(request: DeskRequest) -> HttpResponse:
    """What the playbook in force says, rule by rule, and who says so."""
    now = request.clock.now()
    version = version_in_force(request.workspace)
    counts = rule_counts(request.user, workspace=request.workspace, since=now - COUNTED)
    in_force = playbook_of(version)
    shown = view_playbook(in_force, counts=counts)
    may_edit = may_edit_playbook(request.user, request.workspace)
    context = {
        "shown": shown,
        "pauses": view_pauses(in_force),
        "bands": view_bands(in_force),
        "components": view_components(in_force),
        "problems": view_problems(check_playbook(text_of(version))) if shown.is_damaged else (),
        "version": version,
        "versions": _versions(request),
        "may_edit": may_edit,
        "draft": playbook_draft(request.workspace) if may_edit else None,
        "days": COUNTED.days,
        "now": now,
    }
    return render(request, "playbook/playbook.html", context)


@page(may=may_read)
def version(request: DeskRequest, version: int) -> HttpResponse:
    """One published version: what it changed, and its text."""
    found = _find(request, version)
    versions = text_versions(request.workspace, kind=TextKind.PLAYBOOK)
    before = versions.filter(number=found.number - 1).first()
    context = {
        "found": found,
        "lines": found.text.splitlines(),
        "diff": diff_lines(text_of(before), after=found.text),
        "differences": view_differences(playbook_of(before), after=playbook_of(found)),
        "current": version_in_force(request.workspace),
        "may_edit": may_edit_playbook(request.user, request.workspace),
        "now": request.clock.now(),
    }
    return render(request, "playbook/version.html", context)


@action(may=may_edit_playbook)
def take_back(request: DeskRequest, version: int) -> HttpResponse:
    """Publish an old version anew."""
    found = _find(request, version)
    try:
        fresh = take_back_playbook(
            request.workspace,
            number=found.number,
            after=read_number(request.POST.get("after", "")),
            by=request.user,
            now=request.clock.now(),
        )
    except (NotPossible, TextConflict) as refused:
        messages.error(request, str(refused))
    else:
        said = _("Version %(old)d is in force again, as version %(new)d.")
        messages.success(request, said % {"old": found.number, "new": fresh.number})
    return HttpResponseRedirect(reverse("playbook"))


@page(may=may_read)
def file(request: DeskRequest) -> HttpResponse:
    """The playbook in force as a file."""
    return as_file(text_of(version_in_force(request.workspace)))


@page(may=may_read)
def version_file(request: DeskRequest, version: int) -> HttpResponse:
    """An old version as a file."""
    found = _find(request, version)
    return as_file(found.text, name=f"playbook-{found.number}.yaml")


def as_file(text: str, *, name: str = "playbook.yaml") -> HttpResponse:
    """A text to be saved, byte for byte as it is kept."""
    answer = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _versions(request: DeskRequest) -> list[TextVersion]:
    versions = text_versions(request.workspace, kind=TextKind.PLAYBOOK).defer("text")
    return list(versions.select_related("published_by")[:VERSIONS_SHOWN])


def _find(request: DeskRequest, number: int) -> TextVersion:
    versions = text_versions(request.workspace, kind=TextKind.PLAYBOOK)
    found = versions.select_related("published_by").filter(number=number).first()
    if found is None:
        raise Http404(_("There is no such version."))
    return found


def read_number(raw: str) -> int:
    """A number of a form; -1 for what is none, which no row has."""
    return int(raw) if raw.isdecimal() and len(raw) < 10 else -1
