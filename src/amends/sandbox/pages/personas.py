"""Choose whom one plays, and look at who somebody is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from amends.core.clock import SystemClock
from amends.sandbox.models import Person
from amends.sandbox.pages.forms import PersonaForm
from amends.sandbox.queries import posts_of_person, standing_moderations

CLOCK = SystemClock()
_SESSION_KEY = "sandbox_person_id"


def current_person(request: HttpRequest) -> Person | None:
    """Whom the signed-in person plays, None before a choice."""
    person_id = request.session.get(_SESSION_KEY)
    return Person.objects.filter(pk=person_id).first() if person_id else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Every persona; choosing one keeps it until another is chosen."""
    back_to = request.POST.get("back_to") or request.GET.get("back_to", "")
    if not url_has_allowed_host_and_scheme(back_to, allowed_hosts={request.get_host()}):
        back_to = ""
    if request.method == "POST":
        form = PersonaForm(request.POST)
        if form.is_valid():
            person = get_object_or_404(Person, pk=form.cleaned_data["person_id"])
            request.session[_SESSION_KEY] = person.id
            return redirect(back_to or "sandbox:timeline")
    context = {
        "people": Person.objects.order_by("-is_brand", "language", "name"),
        "playing": current_person(request),
        "back_to": back_to,
    }
    return render(request, "sandbox/people.html", context)


@login_required
@require_safe
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """One person and what they wrote."""
    found = get_object_or_404(Person, handle=handle)
    page = Paginator(posts_of_person(found), 20).get_page(request.GET.get("page"))
    context = {
        "person": found,
        "page": page,
        "playing": current_person(request),
        "moderations": standing_moderations(found, now=CLOCK.now()),
    }
    return render(request, "sandbox/person.html", context)
