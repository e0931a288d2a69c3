"""The threads, the busiest now first, and one thread in full."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amends.sandbox.models import Post
from amends.sandbox.pages.personas import current_person
from amends.sandbox.queries import head_sequence, newest_threads, thread_in_reading_order


@login_required
@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Every thread, twenty on a page."""
    page = Paginator(newest_threads(), 20).get_page(request.GET.get("page"))
    context = {"page": page, "playing": current_person(request), "head": head_sequence()}
    return render(request, "sandbox/timeline.html", context)


@login_required
@require_safe
def thread(request: HttpRequest, root_id: str) -> HttpResponse:
    """One thread as people read it."""
    items = thread_in_reading_order(root_id)
    if not items:
        raise Http404(_("There is no such thread."))
    context = {
        "items": items,
        "root": Post.objects.select_related("author").get(pk=root_id),
        "playing": current_person(request),
        "head": head_sequence(),
    }
    return render(request, "sandbox/thread.html", context)


@login_required
@require_safe
@never_cache
def newest(request: HttpRequest) -> JsonResponse:
    """The number of the newest event; the open page asks for it to offer a reload."""
    return JsonResponse({"head": head_sequence()})
