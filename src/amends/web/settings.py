"""Everything by which a workspace is set up, with a word on what it is for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amends.accounts.permissions import may_read
from amends.web.pages import DeskRequest, page
from amends.web.places import settings_groups


@page(may=may_read)
def settings(request: DeskRequest) -> HttpResponse:
    """The pages that this person may open."""
    groups = settings_groups(request.user, request.workspace)
    return render(request, "settings/settings.html", {"groups": groups})
