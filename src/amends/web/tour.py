"""The tour of five steps on the first visit; remembered with the person, never in the way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from amends.accounts.models import User
from amends.web.cases import user_of
from amends.web.pages import own_page

STEPS = 5
FINISHED = 99


@own_page
@require_POST
def move_tour(request: HttpRequest) -> HttpResponse:
    """Remember which step comes next; "99" ends the tour. Answers with nothing."""
    raw = request.POST.get("step", "")
    step = int(raw) if raw.isdigit() else FINISHED
    step = step if 0 <= step < STEPS else FINISHED
    User.objects.filter(pk=user_of(request).pk).update(tour_step=step)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("inbox"))


@own_page
@require_POST
def restart_tour(request: HttpRequest) -> HttpResponse:
    """Show the tour from its first step again."""
    User.objects.filter(pk=user_of(request).pk).update(tour_step=0)
    return HttpResponseRedirect(reverse("inbox"))
