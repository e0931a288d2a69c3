"""Every component on one page, in every state, light, dark and narrow; in debug mode only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amends.core.diff import diff_words
from amends.web.pages import public_page

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LONG = "Высококвалифицированный превысокомногорассмотрительствующий отдел"

LONG_DUTCH = "Aansprakelijkheidsverzekeringsmaatschappijen en meervoudigepersoonlijkheidsstoornis"
# Arabic, because that is what people from Cairo to Baghdad write under a post of a shop.
RTL = "لم تصل شحنتي منذ ستة أيام، ولا أحد يرد على الهاتف!"
RTL_MIXED = "رقم الطلب LMB-4711 ولم يصل حتى الآن (منذ 6 أيام)."
RTL_NAME = "ليلى حداد"


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
            "long_dutch": LONG_DUTCH,
            "rtl": RTL,
            "rtl_mixed": RTL_MIXED,
            "rtl_name": RTL_NAME,
            "pieces": diff_words("Kargom 6 gündür yok", new="Kargom 7 gündür hâlâ yok!"),
            "reasons": [{"field": "severity", "start": 7, "end": 18}],
        },
    )
