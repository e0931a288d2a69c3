"""When a person works and what they can do: said by themself, or by who edits routing."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import Membership
from amends.accounts.permissions import may_edit_routing, may_read
from amends.accounts.queries import members_of
from amends.accounts.work_profile import (
    WorkLife,
    WorkProfileRefused,
    change_work_life,
    read_skills,
    work_life_of,
)
from amends.web.hours_form import DAYS
from amends.web.labels import LANGUAGES
from amends.web.pages import DeskRequest, page


class WorkForm(forms.Form):
    """Languages, skills, hours, and until when somebody is away."""

    away_until = forms.DateTimeField(
        label=gettext_lazy("Away until"),
        help_text=gettext_lazy(
            "Until then no rule gives you a case. Leave it empty when you are there."
        ),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.CharField(
        label=gettext_lazy("Skills"),
        help_text=gettext_lazy(
            "Words that routing rules ask for, with commas: invoices, warranty."
        ),
        required=False,
        max_length=900,
    )
    works_from = forms.TimeField(
        label=gettext_lazy("Works from"),
        help_text=gettext_lazy(
            "By your own clock. Without times the business hours of the brand count."
        ),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    works_until = forms.TimeField(
        label=gettext_lazy("Works until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        spoken = [(code, name) for code, name in LANGUAGES.items() if code != "und"]
        self.fields["languages"].choices = spoken  # type: ignore[attr-defined]
        self.fields["days"].choices = list(enumerate(DAYS))  # type: ignore[attr-defined]

    def as_life(self) -> WorkLife:
        said = self.cleaned_data
        return WorkLife(
            languages=tuple(said["languages"]),
            skills=tuple(read_skills(said["skills"])),
            works_from=said["works_from"],
            works_until=said["works_until"],
            days=tuple(said["days"]),
            away_until=said["away_until"],
        )


@page(may=may_read, to_post=may_read)
def work_profile(request: DeskRequest) -> HttpResponse:
    """One's own, or with `?member=` a colleague's for who edits routing."""
    membership = _membership(request)
    is_own = membership.user_id == request.user.pk
    life = work_life_of(membership)
    initial = {
        "away_until": life.away_until,
        "languages": life.languages,
        "skills": ", ".join(life.skills),
        "works_from": life.works_from,
        "works_until": life.works_until,
        "days": life.days,
    }
    form = WorkForm(request.POST or None, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                now = request.clock.now()
                change_work_life(membership, to=form.as_life(), by=request.user, now=now)
            except WorkProfileRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(
                    reverse("work_profile") if is_own else reverse("routing")
                )
    shown = {"form": form, "membership": membership, "is_own": is_own}
    return render(request, "work_profile/work_profile.html", shown, status=status)


def _membership(request: DeskRequest) -> Membership:
    rows = members_of(request.workspace)
    key = request.GET.get("member", "")
    if not key or not may_edit_routing(request.user, request.workspace):
        return rows.get(user=request.user)
    found = rows.filter(pk=int(key)).first() if key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Http404(_("There is no such colleague."))
    return found
