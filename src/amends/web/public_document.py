"""What all public documents share: no cookie, no session, any reader's language, and a cache in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from amends.accounts.models import Brand
from amends.accounts.public_brand import PATTERN, brand_by_key

CACHE = "public, max-age=300"
RTL = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"})


class BrandKey:
    """`lumbara-3` in an address."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def public_brand(key: str) -> Brand:
    brand = brand_by_key(key)
    if brand is None:
        raise Http404(_("There is no public document at this address."))
    return brand


def wanted_language(request: HttpRequest, *, offered: Sequence[str]) -> str:
    """The offered language that the browser likes best; the first one where it likes none.

    The cookie of the desk is not asked: the answer must be the same for everybody with this header.
    """
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for one in offered:
            if code == one.lower() or code.partition("-")[0] == one.lower().partition("-")[0]:
                return one
    return offered[0]


def spoken_by_us(language: str) -> str:
    """The language of our own words on a page in `language`."""
    base = language.partition("-")[0]
    return base if base in dict(settings.LANGUAGES) else "en"


def language_names(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Each language by its own name."""
    names = dict(settings.LANGUAGES)
    return [(code, names.get(code.partition("-")[0], code)) for code in codes]


def show_document(
    *,
    template: str,
    language: str,
    shown: dict[str, Any],
    varies: bool = False,
) -> HttpResponse:
    """Render without the visitor: no token, no session, so that nothing of them can stand in it."""
    with translation.override(spoken_by_us(language)):
        content = render_to_string(
            template,
            {
                "language": language,
                "direction": "rtl" if language.partition("-")[0] in RTL else "ltr",
                **shown,
            },
        )
    response = HttpResponse(content)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = CACHE
    if varies:
        patch_vary_headers(response, ["Accept-Language"])
    return response
