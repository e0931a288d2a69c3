"""The first address, and the one by which a monitor sees that the desk lives."""

from __future__ import annotations

from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from amends.web.pages import public_page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """To the inbox; the sign-in page takes those who are not signed in."""
    return HttpResponseRedirect(reverse("inbox"))


@public_page
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, else 503; says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse("ok\n", content_type="text/plain")
