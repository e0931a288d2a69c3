"""The editor of the playbook: a draft that is kept, checked, compared, and put in force."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_edit_playbook
from amends.accounts.texts import TextConflict
from amends.cases.in_force import playbook_of, text_of, version_in_force
from amends.cases.playbook_queries import (
    count_aspects,
    last_what_if,
    what_if_changes_visible_to,
)
from amends.cases.publish_playbook import (
    MAX_NOTE,
    Checked,
    begin_playbook_draft,
    check_draft,
    discard_playbook_draft,
    playbook_draft,
    publish_playbook,
    save_playbook_draft,
    tidy,
)
from amends.cases.transitions import NotPossible
from amends.core.playbook.schema import SHIPPED
from amends.core.yaml_tree import MAX_BYTES
from amends.web.line_diff import diff_lines
from amends.web.pages import DeskRequest, action, page
from amends.web.playbook import as_file, read_number
from amends.web.playbook_parts import view_differences
from amends.web.playbook_words import view_problems


@page(may=may_edit_playbook, to_post=may_edit_playbook)
def edit(request: DeskRequest) -> HttpResponse:
    """The draft, or the text in force where there is none; a POST saves it."""
    if request.method != "POST":
        return _show(request)
    text = tidy(request.POST.get("text", ""))
    try:
        save_playbook_draft(
            request.workspace,
            text=text,
            revision=read_number(request.POST.get("revision", "")),
            by=request.user,
            now=request.clock.now(),
        )
    except TextConflict as conflict:
        extra = {"conflict": str(conflict)}
        return _show(request, typed=text, status=HTTPStatus.CONFLICT, extra=extra)
    except NotPossible as refused:
        extra = {"refusal": str(refused), "revision": request.POST.get("revision", "")}
        return _show(request, typed=text, status=HTTPStatus.UNPROCESSABLE_ENTITY, extra=extra)
    messages.success(request, _("Draft saved. Nothing is in force yet."))
    return HttpResponseRedirect(reverse("playbook_draft"))


@action(may=may_edit_playbook)
def check(request: DeskRequest) -> HttpResponse:
    """Say what is wrong with a text as it is typed; nothing is kept."""
    text = tidy(request.POST.get("text", ""))
    if request.headers.get("HX-Request"):
        return render(request, "playbook/problems.html", _checked(request, text))
    # What was typed rests on the draft that its writer saw, which may not be the newest one.
    return _show(request, typed=text, extra={"revision": request.POST.get("revision", "")})


@action(may=may_edit_playbook)
def begin(request: DeskRequest) -> HttpResponse:
    """Put another text into the draft: the one in force, one of ours, an old version, or a file."""
    upload = request.FILES.get("file")
    revision = read_number(request.POST.get("revision", ""))
    workspace, by, now = request.workspace, request.user, request.clock.now()
    try:
        if isinstance(upload, File):
            text = _read_upload(upload)
            save_playbook_draft(workspace, text=text, revision=revision, by=by, now=now)
        else:
            source = request.POST.get("source", "")
            begin_playbook_draft(workspace, source=source, revision=revision, by=by, now=now)
    except (NotPossible, TextConflict) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The draft begins anew. Nothing is in force yet."))
    return HttpResponseRedirect(reverse("playbook_draft"))


@action(may=may_edit_playbook)
def discard(request: DeskRequest) -> HttpResponse:
    """Throw the draft away."""
    try:
        discard_playbook_draft(
            request.workspace,
            revision=read_number(request.POST.get("revision", "")),
            by=request.user,
        )
    except TextConflict as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("playbook_draft"))
    messages.success(request, _("The draft is gone. The playbook in force stays as it is."))
    return HttpResponseRedirect(reverse("playbook"))


@page(may=may_edit_playbook)
def draft_file(request: DeskRequest) -> HttpResponse:
    """The draft as a file; the text in force where there is none."""
    draft = playbook_draft(request.workspace)
    text = draft.text if draft else text_of(version_in_force(request.workspace))
    return as_file(text, name="playbook-draft.yaml")


@page(may=may_edit_playbook, to_post=may_edit_playbook)
def publish(request: DeskRequest) -> HttpResponse:
    """What would change against the playbook in force; a POST puts the draft in force."""
    if request.method != "POST":
        return render(request, "playbook/publish.html", _comparison(request))
    try:
        version = publish_playbook(
            request.workspace,
            revision=read_number(request.POST.get("revision", "")),
            after=read_number(request.POST.get("after", "")),
            note=request.POST.get("note", ""),
            by=request.user,
            now=request.clock.now(),
        )
    except (NotPossible, TextConflict) as refused:
        context = _comparison(request) | {"refusal": str(refused), "note": request.POST.get("note")}
        return render(
            request, "playbook/publish.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    said = _("Version %(number)d is in force: what is decided from now on goes by it.")
    messages.success(request, said % {"number": version.number})
    return HttpResponseRedirect(reverse("playbook"))


def _show(
    request: DeskRequest,
    *,
    typed: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    draft = playbook_draft(request.workspace)
    current = version_in_force(request.workspace)
    kept = draft.text if draft else text_of(current)
    text = kept if typed is None else typed
    context: dict[str, Any] = {
        "draft": draft,
        "revision": draft.revision if draft else 0,
        "current": current,
        "text": text,
        "theirs": diff_lines(kept, after=text) if extra and "conflict" in extra else (),
        "is_outdated": draft is not None and draft.based_on != (current.number if current else 0),
        "shipped": SHIPPED,
        "now": request.clock.now(),
        **_checked(request, text),
        **(extra or {}),
    }
    return render(request, "playbook/draft.html", context, status=status)


def _checked(request: DeskRequest, text: str) -> dict[str, Any]:
    checked = check_draft(request.workspace, text=text)
    return {
        "problems": view_problems(checked.problems),
        "warnings": view_problems(checked.warnings),
        "checked": checked.playbook if checked.is_sound else None,
        "marked": _marked_lines(text, checked),
    }


def _marked_lines(text: str, checked: Checked) -> list[tuple[str, bool]]:
    """Every line and whether a mistake stands there, for readers without script; empty without mistakes."""
    wrong = {one.line for one in checked.problems}
    if not wrong:
        return []
    return [(line, number in wrong) for number, line in enumerate(text.splitlines(), start=1)]


def _comparison(request: DeskRequest) -> dict[str, Any]:
    draft = playbook_draft(request.workspace)
    current = version_in_force(request.workspace)
    checked = check_draft(request.workspace, text=draft.text) if draft else None
    run = last_what_if(request.user, workspace=request.workspace)
    if run and not (checked and checked.playbook and checked.playbook.named.digest == run.digest):
        run = None
    changes = what_if_changes_visible_to(request.user, run=run) if run else None
    return {
        "draft": draft,
        "current": current,
        "diff": diff_lines(text_of(current), after=draft.text) if draft else (),
        "differences": view_differences(playbook_of(current), after=checked.playbook)
        if checked and checked.playbook
        else (),
        "problems": view_problems(checked.problems) if checked else (),
        "warnings": view_problems(checked.warnings) if checked else (),
        "run": run,
        "changed": count_aspects(changes)["all"] if changes is not None else 0,
        "max_note": MAX_NOTE,
        "now": request.clock.now(),
    }


def _read_upload(upload: File[bytes]) -> str:
    """The text of a file; raises NotPossible for one that is too large or no text."""
    raw: bytes = upload.read(MAX_BYTES + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible(_("This file is no text in UTF-8: choose a playbook file.")) from error
