"""Working together on the page of a case: taking it, labels, sleep, macros and undoing them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_assign, may_label, may_snooze, may_use_macros
from amends.cases.label import (
    find_or_make_label,
    labels_visible_to,
    put_label,
    take_label,
)
from amends.cases.macros import macros_visible_to
from amends.cases.models import Case
from amends.cases.run_macro import run_macro
from amends.cases.snooze import end_snooze, moment_of, snooze_case
from amends.cases.take_over import take_over
from amends.cases.transitions import NotPossible
from amends.cases.undo import stroke_or_none, undo_stroke
from amends.replies.queries import open_reply
from amends.web.asked import asked_moment
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action


@action(may=may_assign)
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Make the case one's own: from the queue, or from a colleague."""
    found = find_case(request, number)
    holder = posted_key(request, "holder")

    def do() -> str:
        before = found.assignee
        take_over(found, holder=holder, by=user_of(request), now=now_of(request))
        reply = open_reply(found)
        if holder is not None and before is not None and reply is not None and reply.text:
            return _("The case is yours, and so is the draft that %(name)s left.") % {
                "name": before
            }
        return _("The case is yours.")

    return act(request, found, do=do, place="assign")


@action(may=may_label)
def label(request: HttpRequest, number: int) -> HttpResponse:
    """Put a label by its name, or take one off."""
    found = find_case(request, number)
    user, now = user_of(request), now_of(request)

    def do() -> str:
        off = posted_key(request, "off")
        if off is not None:
            row = labels_visible_to(user, workspace=found.workspace).filter(pk=off).first()
            if row is None:
                raise NotPossible(_("There is no such label."))
            take_label(found, label=row, by=user, now=now)
            return _("Label taken off.")
        name = request.POST.get("name", "")
        if not name.strip():
            raise NotPossible(_("Type the name of a label."))
        row = find_or_make_label(found.workspace, name=name, by=user, now=now)
        put_label(found, label=row, by=user, now=now)
        return _("Labelled “%(name)s”.") % {"name": row}

    return act(request, found, do=do, place="team")


@action(may=may_snooze)
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """Put the case to sleep until a moment, or wake it."""
    found = find_case(request, number)
    user, now = user_of(request), now_of(request)

    def do() -> str:
        choice = request.POST.get("choice", "")
        if choice == "wake":
            end_snooze(found, by=user, now=now)
            return _("The case is awake again.")
        sleep = snooze_case(found, until=_until(request, found, choice=choice), by=user, now=now)
        said = {"when": wall(sleep.until)}
        if sleep.clock_due_at is not None:
            said["due"] = wall(sleep.clock_due_at)
            return _("Asleep only until %(when)s: a clock runs out at %(due)s.") % said
        return _("Asleep until %(when)s.") % said

    return act(request, found, do=do, place="team")


@action(may=may_use_macros)
def macro(request: HttpRequest, number: int) -> HttpResponse:
    """Run a macro."""
    found = find_case(request, number)
    user = user_of(request)

    def do() -> str:
        key = posted_key(request, "macro") or 0
        row = macros_visible_to(user, workspace=found.workspace).filter(pk=key).first()
        if row is None:
            raise NotPossible(_("This macro is not offered any more."))
        run_macro(row, case=found, by=user, now=now_of(request))
        return _("“%(name)s” is done.") % {"name": row}

    return act(request, found, do=do, place="team")


@action(may=may_use_macros)
def undo_macro(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what a macro did, all of it."""
    found = find_case(request, number)
    user = user_of(request)

    def do() -> str:
        key = posted_key(request, "stroke")
        stroke = stroke_or_none(user, workspace=found.workspace, pk=key or 0)
        if stroke is None or all(part["case"] != found.number for part in stroke.parts):
            raise NotPossible(_("This cannot be undone any more."))
        undo_stroke(stroke, by=user, now=now_of(request))
        return _("Undone.")

    return act(request, found, do=do, place="team")


def wall(moment: datetime) -> str:
    """A moment on the wall of the reader: the day, where it is another one, and the clock."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localtime().date()
    return date_format(local, "H:i") if is_today else date_format(local, "D j M, H:i")


def posted_key(request: HttpRequest, name: str) -> int | None:
    """A key as a form gives it; None for anything else."""
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def _until(request: HttpRequest, found: Case, *, choice: str) -> datetime:
    user, now = user_of(request), now_of(request)
    if choice != "own":
        return moment_of(choice, brand_id=found.brand_id, person=user, now=now)
    moment = asked_moment(request.POST.get("until", ""))
    if moment is None:
        raise NotPossible(_("Name a day and a time."))
    return moment
