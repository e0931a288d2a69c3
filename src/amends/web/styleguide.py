"""Every component on one page, in light, dark and narrow, with long words; in debug mode only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amends.core.diff import diff_words
from amends.web.pages import public_page

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LONG = "Высококвалифицированный превысокомногорассмотрительствующий отдел"


@public_page
def styleguide(request: HttpRequest) -> HttpResponse:
    """The components with made-up content."""
    return render(
        request,
        "styleguide.html",
        {
            "samples": (("light", ""), ("dark", ""), ("light", "narrow"), ("dark", "narrow")),
            "now": NOON,
            "soon": NOON + timedelta(minutes=9),
            "later": NOON + timedelta(minutes=41),
            "past": NOON - timedelta(hours=1, minutes=12),
            "long": LONG,
            "pieces": diff_words("Kargom 6 gündür yok", new="Kargom 7 gündür hâlâ yok!"),
            "reasons": [{"field": "severity", "start": 7, "end": 18}],
        },
    )
