"""The engine of a workspace: which one judges, what it learned, and how its long works stand."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_read, may_teach
from amends.cases.judge import shipped_engine
from amends.cases.models import ModelRelease
from amends.cases.transitions import NotPossible
from amends.learning.learn import ask_for_training
from amends.learning.promote import promote_release, revert_to_shipped
from amends.learning.queries import releases_visible_to
from amends.learning.reassess import pause_reassessment, resume_reassessment
from amends.web.engine_page import read_engine_page, read_live, read_progress, view_release
from amends.web.pages import DeskRequest, action, page


@page(may=may_read)
def engine(request: DeskRequest) -> HttpResponse:
    """Which engine judges, the corrections, the trained heads, the long works."""
    shown = read_engine_page(request.workspace, user=request.user)
    context = {"page": shown, "progress": shown.progress, "now": request.clock.now()}
    return render(request, "engine/engine.html", context)


@page(may=may_read)
def progress(request: DeskRequest) -> HttpResponse:
    """The long works alone; once nothing moves any more, the whole page is asked for anew."""
    shown = read_progress(request.workspace, user=request.user)
    context = {"progress": shown, "now": request.clock.now()}
    response = render(request, "engine/progress.html", context)
    if not shown.is_moving:
        response.headers["HX-Refresh"] = "true"
    return response


@action(may=may_teach)
def train(request: DeskRequest) -> HttpResponse:
    """Train a candidate on the corrections."""
    return _do(
        request,
        lambda: ask_for_training(request.workspace, by=request.user, now=request.clock.now()),
        said=_("The training has begun."),
    )


@page(may=may_teach, to_post=may_teach)
def promote(request: DeskRequest, pk: int) -> HttpResponse:
    """Say what will happen; a POST does it."""
    release = _find(request, pk)
    if request.method != "POST":
        context = {
            "view": view_release(release),
            "live": read_live(request.workspace, user=request.user),
            "now": request.clock.now(),
        }
        return render(request, "engine/promote.html", context)
    return _do(
        request,
        lambda: promote_release(
            release,
            instead_of=_seen(request),
            shipped=shipped_engine(),
            by=request.user,
            now=request.clock.now(),
        ),
        said=_("Head %(number)s judges from now on.") % {"number": release.number},
    )


@page(may=may_teach, to_post=may_teach)
def revert(request: DeskRequest) -> HttpResponse:
    """Say what will happen; a POST does it."""
    if request.method != "POST":
        live = read_live(request.workspace, user=request.user)
        return render(request, "engine/revert.html", {"live": live, "now": request.clock.now()})
    return _do(
        request,
        lambda: revert_to_shipped(
            request.workspace,
            instead_of=_seen(request),
            by=request.user,
            now=request.clock.now(),
        ),
        said=_("The shipped engine judges again."),
    )


@action(may=may_teach)
def pause(request: DeskRequest) -> HttpResponse:
    """Stop judging history for a while."""
    return _do(
        request,
        lambda: pause_reassessment(request.workspace, by=request.user, now=request.clock.now()),
        said=_("Judging history anew is paused."),
    )


@action(may=may_teach)
def resume(request: DeskRequest) -> HttpResponse:
    """Go on judging history."""
    return _do(
        request,
        lambda: resume_reassessment(request.workspace, by=request.user, now=request.clock.now()),
        said=_("Judging history anew goes on."),
    )


def _do(request: DeskRequest, verb: Callable[[], object], *, said: str) -> HttpResponse:
    try:
        verb()
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("engine"))


def _find(request: DeskRequest, pk: int) -> ModelRelease:
    release = releases_visible_to(request.user, workspace=request.workspace).filter(pk=pk).first()
    if release is None:
        raise Http404(_("There is no such head."))
    return release


def _seen(request: DeskRequest) -> int:
    raw = request.POST.get("instead_of", "")
    return int(raw) if raw.isdecimal() and len(raw) < 19 else -1
