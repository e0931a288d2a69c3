"""The comment policy of a brand for everybody: in each language, with every earlier version (K22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amends.accounts.models import Brand
from amends.accounts.public_brand import public_key
from amends.core.policy.compare import PolicyChange, compare_policies
from amends.core.policy.policy import ClauseText, PageText
from amends.measures.publish_policy import PublishedPolicy, published_policies
from amends.web.pages import VisitorRequest, public_page
from amends.web.policy_words import ladder_words, tier_words
from amends.web.public_document import (
    language_names,
    public_brand,
    show_document,
    spoken_by_us,
    wanted_language,
)


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause as it is read."""

    id: str
    text: ClauseText
    steps: list[str]
    speed: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A line of the list of versions: since when, until when, and what changed."""

    number: int
    since: datetime
    until: datetime | None
    note: str
    change: PolicyChange | None
    address: str
    is_shown: bool


class PolicyDocument:
    """One version in one language, ready to be shown; also what the editor previews."""

    def __init__(
        self, brand: Brand, *, published: PublishedPolicy, versions: list[PublishedPolicy],
        language: str,
    ) -> None:  # fmt: skip
        self.brand = brand
        self.published = published
        self.language = language
        self._versions = versions

    @property
    def page(self) -> PageText:
        return self.published.policy.page(self.language)

    @property
    def is_current(self) -> bool:
        return not self._versions or self.published.number == self._versions[0].number

    @cached_property
    def clauses(self) -> list[ClauseView]:
        return [
            ClauseView(one.id, one.text(self.language), ladder_words(one), tier_words(one))
            for one in self.published.policy.clauses
        ]

    @cached_property
    def versions(self) -> list[VersionView]:
        """All versions, the newest first, each beside the one before it."""
        rows = []
        for position, one in enumerate(self._versions):
            before = self._versions[position + 1 : position + 2]
            rows.append(
                VersionView(
                    number=one.number,
                    since=one.published_at,
                    until=self._versions[position - 1].published_at if position else None,
                    note=one.version.note,
                    change=compare_policies(before[0].policy, one.policy, language=self.language)
                    if before
                    else None,
                    address=self._address_of(one),
                    is_shown=one.number == self.published.number,
                )
            )
        return rows

    @property
    def shown_version(self) -> VersionView | None:
        return next((one for one in self.versions if one.is_shown), None)

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, own name and address of each language of this version."""
        number = None if self.is_current else self.published.number
        return [
            (code, name, policy_address(self.brand, language=code, number=number))
            for code, name in language_names(self.published.policy.languages)
        ]

    def _address_of(self, one: PublishedPolicy) -> str:
        codes = one.policy.languages
        language = self.language if self.language in codes else codes[0]
        return policy_address(self.brand, language=language, number=one.number)


@public_page
@require_safe
def policy(request: VisitorRequest, brand: str) -> HttpResponse:
    """The version in force, in the reader's language."""
    return _show(request, public_brand(brand), language="", number=None)


@public_page
@require_safe
def policy_in_language(request: VisitorRequest, brand: str, language: str) -> HttpResponse:
    """The version in force, in one language."""
    return _show(request, public_brand(brand), language=language, number=None)


@public_page
@require_safe
def policy_version(request: VisitorRequest, brand: str, language: str, number: int) -> HttpResponse:
    """An earlier version, or the present one by its number: what was public then stays."""
    return _show(request, public_brand(brand), language=language, number=number)


def policy_address(brand: Brand, *, language: str = "", number: int | None = None) -> str:
    """The stable address of a brand's policy."""
    key = public_key(brand)
    if not language:
        return reverse("public_policy", args=[key])
    if number is None:
        return reverse("public_policy_language", args=[key, language])
    return reverse("public_policy_version", args=[key, language, number])


def _show(request: HttpRequest, brand: Brand, *, language: str, number: int | None) -> HttpResponse:
    versions = list(published_policies(brand))
    found = next((one for one in versions if number in {None, one.number}), None)
    if found is None or (language and language not in found.policy.languages):
        raise Http404(_("There is no public document at this address."))
    chosen = language or wanted_language(request, offered=found.policy.languages)
    document = PolicyDocument(brand, published=found, versions=versions, language=chosen)
    with timezone.override(zone_of(brand)), translation.override(spoken_by_us(chosen)):
        return show_document(
            template="public/policy.html",
            language=chosen,
            shown=policy_context(document),
            varies=not language,
        )


def policy_context(document: PolicyDocument) -> dict[str, object]:
    """What the template of the document needs; the preview of the editor uses it too."""
    return {
        "document": document,
        "brand": document.brand,
        "canonical": policy_address(document.brand, language=document.language),
        "report": reverse("transparency", args=[public_key(document.brand)]),
        "appeal_days": _days(document.published.policy.appeal.within),
        "answer_days": _days(document.published.policy.appeal.answer),
    }


def zone_of(brand: Brand) -> ZoneInfo:
    try:
        return ZoneInfo(brand.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _days(length: timedelta | None) -> int:
    return length.days if length else 0
