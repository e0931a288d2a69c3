"""The inbox: the list of a view, beside the open case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amends.accounts.permissions import may_read
from amends.web.pages import page


@page(may=may_read)
def inbox(request: HttpRequest) -> HttpResponse:
    """The first view."""
    return render(request, "base.html")
