"""How often a brand acts on comments, for everybody: a page, JSON and PDF at one address (K23, R8)."""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amends.accounts.models import Brand
from amends.accounts.public_brand import public_key
from amends.measures.publish_policy import policy_in_force, published_policies
from amends.reports.pdf import PdfBusy, PdfUnavailable, pdf_of
from amends.reports.transparency import TransparencyReport, transparency_report
from amends.web.pages import VisitorRequest, public_page
from amends.web.public_document import (
    CACHE,
    language_names,
    public_brand,
    show_document,
    spoken_by_us,
    wanted_language,
)
from amends.web.public_policy import policy_address, zone_of
from amends.web.transparency_page import (
    ReportPage,
    Span,
    offered_spans,
    report_as_json,
    report_page,
)

KEPT_SECONDS = 60
_LINK = re.compile(r"<link[^>]*>")
STYLES = ("tokens", "base", "public")


@public_page
@require_safe
def report(request: VisitorRequest, brand: str) -> HttpResponse:
    """The report of a year or month, in the reader's language or the one that is asked for."""
    return _show(request, public_brand(brand))


@public_page
@require_safe
def report_json(request: VisitorRequest, brand: str) -> HttpResponse:
    """The same numbers for machines."""
    found = public_brand(brand)
    span = _span(request, found)
    counted = _counted(found, span)
    response = JsonResponse(
        report_as_json(found, counted, span=span),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response.headers["Cache-Control"] = CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public_page
@require_safe
def report_pdf(request: VisitorRequest, brand: str) -> HttpResponse:
    """The same page as a file to keep; says how to get a browser where there is none."""
    found = public_brand(brand)
    html = _with_styles(_show(request, found).content.decode())
    try:
        content = pdf_of(html, folder=settings.DATA_DIR / "reports")
    except PdfUnavailable as error:
        return HttpResponse(
            f"{error}\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.NOT_IMPLEMENTED,
        )
    except PdfBusy:
        words = _("Another report is being made: ask again in a few seconds.")
        busy = HttpResponse(
            f"{words}\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
        busy.headers["Retry-After"] = "10"
        return busy
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{public_key(found)}-{_span(request, found).code}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = CACHE
    return response


def _show(request: VisitorRequest, brand: Brand) -> HttpResponse:
    span = _span(request, brand)
    policy = policy_in_force(brand, at=request.clock.now())
    if policy is None:
        raise Http404(_("There is no public document at this address."))
    offered = policy.policy.languages
    asked = request.GET.get("lang", "")
    language = asked if asked in offered else wanted_language(request, offered=offered)
    with timezone.override(zone_of(brand)), translation.override(spoken_by_us(language)):
        page: ReportPage = report_page(
            _counted(brand, span), policy=policy.policy, language=language
        )
        shown: dict[str, Any] = {
            "brand": brand,
            "report": page,
            "span": span,
            "spans": offered_spans(_first(brand), now=_local_now(request, brand)),
            "languages": [
                (code, name, f"?period={span.code}&lang={code}")
                for code, name in language_names(offered)
            ],
            "policy_address": policy_address(brand, language=language),
            "json_address": reverse("transparency_json", args=[public_key(brand)]),
            "pdf_address": reverse("transparency_pdf", args=[public_key(brand)]),
        }
        return show_document(
            template="public/transparency.html",
            language=language,
            shown=shown,
            varies=asked not in offered,
        )


def _counted(brand: Brand, span: Span) -> TransparencyReport:
    """The counts, at most a minute old: everybody may ask, and the log is long."""
    key = f"transparency:{brand.pk}:{span.code}"
    known: TransparencyReport | None = cache.get(key)
    if known is None:
        known = transparency_report(brand, period=span.period)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _span(request: VisitorRequest, brand: Brand) -> Span:
    """The year or month that is asked for, else this year; only since the first policy."""
    spans = offered_spans(_first(brand), now=_local_now(request, brand))
    wanted = request.GET.get("period", "")
    found = next((one for one in spans if not wanted or one.code == wanted), None)
    if found is None:
        raise Http404(_("There is no report of this time."))
    return found


def _first(brand: Brand) -> datetime:
    """When the brand's first policy became public, in its own time."""
    versions = list(published_policies(brand))
    if not versions:
        raise Http404(_("There is no public document at this address."))
    return versions[-1].published_at.astimezone(zone_of(brand))


def _local_now(request: VisitorRequest, brand: Brand) -> datetime:
    return request.clock.now().astimezone(zone_of(brand))


def _with_styles(html: str) -> str:
    """The page with its style sheets inside: the browser that prints it reaches nothing."""
    folder = files("amends.web") / "static" / "css"
    css = "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return _LINK.sub("", html).replace("</head>", f"<style>{css}</style></head>", 1)
