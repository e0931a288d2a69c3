"""The texts from which a reply may begin: written by leads, in versions; chosen in an empty draft."""

from __future__ import annotations

import re
import secrets
import unicodedata
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import TextVersion
from amends.accounts.permissions import may_draft, may_edit_brand, may_read
from amends.accounts.texts import TextConflict
from amends.cases.transitions import NotPossible
from amends.core.starting.points import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    VARIABLES,
    StartingPoint,
    unknown_variables,
)
from amends.replies.begin_from_point import begin_from_point
from amends.replies.queries import open_reply
from amends.replies.starting_points import (
    MAX_NOTE,
    change_points,
    points_in_force,
    points_version,
    versions_visible_to,
)
from amends.web import labels
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.context import offered_languages
from amends.web.pages import DeskRequest, action, page
from amends.web.playbook import as_file, read_number


class PointForm(forms.Form):
    """One starting point as it is typed."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("For colleagues, so that they find it: “Parcel is late”."),
        max_length=LONGEST_TITLE,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the reply"))
    category = forms.ChoiceField(label=gettext_lazy("For which matter"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=LONGEST_TEXT,
    )
    note = forms.CharField(
        label=gettext_lazy("What changed, and why"), max_length=MAX_NOTE, required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["language"].choices = offered_languages()  # type: ignore[attr-defined]
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("any matter")),
            *labels.CATEGORIES.items(),
        ]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        unknown = unknown_variables(text)
        if unknown:
            raise forms.ValidationError(
                _("{%(name)s} is no variable; there are %(allowed)s")
                % {"name": unknown[0], "allowed": ", ".join(f"{{{one}}}" for one in VARIABLES)}
            )
        return text


@page(may=may_read, to_post=may_edit_brand)
def starting_points(request: DeskRequest) -> HttpResponse:
    """All of them by language; a POST adds one or changes one. `?version=3` is the file of a version."""
    if request.method != "POST":
        wanted = request.GET.get("version", "")
        if wanted:
            version = _version(request, wanted)
            return as_file(version.text, name=f"starting-points-{version.number}.yaml")
        return _show(request, code=request.GET.get("edit", ""))
    form, code = PointForm(request.POST), request.POST.get("code", "")
    if not form.is_valid():
        return _show(request, form=form, code=code, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    changed = StartingPoint(
        code=code or _code_for(said["title"], language=said["language"]),
        title=said["title"],
        language=said["language"],
        category=said["category"],
        text=said["text"],
    )
    points = [changed if one.code == changed.code else one for one in _points(request)]
    if changed not in points:
        points.append(changed)
    return _publish(request, points=points, form=form, code=code, note=said["note"])


@action(may=may_edit_brand)
def remove(request: DeskRequest) -> HttpResponse:
    """Take one away; it stays in the versions before."""
    code = request.POST.get("code", "")
    points = [one for one in _points(request) if one.code != code]
    return _publish(request, points=points, form=PointForm(), code="", note="")


@action(may=may_draft)
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the empty draft of a case from the chosen text."""
    found = find_case(request, number)

    def begin() -> str:
        reply = open_reply(found)
        if reply is None:
            raise NotPossible(_("There is no reply to this case any more. Begin a new one."))
        reply.case = found
        code = request.POST.get("code", "")
        begin_from_point(reply, code=code, by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=begin, place="reply", then="draft")


def _publish(
    request: DeskRequest, *, points: list[StartingPoint], form: PointForm, code: str, note: str
) -> HttpResponse:
    try:
        change_points(
            request.workspace,
            to=points,
            after=read_number(request.POST.get("after", "")),
            by=request.user,
            now=request.clock.now(),
            note=note,
        )
    except TextConflict as conflict:
        return _show(
            request, form=form, code=code, status=HTTPStatus.CONFLICT, problem=str(conflict)
        )
    except NotPossible as refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, form=form, code=code, status=status, problem=str(refused))
    messages.success(request, _("Saved: it is in force from now on."))
    return HttpResponseRedirect(reverse("starting_points"))


def _show(
    request: DeskRequest,
    *,
    form: PointForm | None = None,
    code: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    problem: str = "",
) -> HttpResponse:
    points = _points(request)
    edited = next((one for one in points if one.code == code), None)
    if form is None:
        form = PointForm(initial=_initial(edited))
    known = dict(offered_languages())
    languages = dict.fromkeys(one.language for one in points)
    context: dict[str, Any] = {
        "form": form,
        "edited": edited,
        "problem": problem,
        "groups": [
            (one, known.get(one, one), [point for point in points if point.language == one])
            for one in languages
        ],
        "after": points_version(request.workspace),
        "versions": versions_visible_to(request.user, workspace=request.workspace)[:20],
        "variables": VARIABLES,
        "may_edit": may_edit_brand(request.user, request.workspace),
        "now": request.clock.now(),
    }
    page = "starting_points/starting_points.html"
    return render(request, page, context, status=status)


def _initial(point: StartingPoint | None) -> dict[str, str]:
    if point is None:
        return {}
    return {name: getattr(point, name) for name in ("title", "language", "category", "text")}


def _points(request: DeskRequest) -> tuple[StartingPoint, ...]:
    return points_in_force(request.workspace)


def _version(request: DeskRequest, wanted: str) -> TextVersion:
    number = read_number(wanted)
    versions = versions_visible_to(request.user, workspace=request.workspace)
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise Http404(_("There is no such version."))
    return found


def _code_for(title: str, *, language: str) -> str:
    """A short name that says something and is not taken: what colleagues see is the title."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return "-".join(one for one in (language, words, secrets.token_hex(3)) if one)
