"""What everybody may read anyway, for programs: the comment policy in force and the transparency report."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.urls import reverse
from ninja import Field, Query, Router, Schema

from amends.accounts.models import Brand
from amends.accounts.public_brand import public_key
from amends.measures.publish_policy import PublishedPolicy, policy_in_force, published_policies
from amends.reports.transparency import transparency_report
from amends.web.api.find import find_brand
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.problems import Problem, unknown_problem
from amends.web.api.shapes import Key, page_address
from amends.web.public_policy import zone_of
from amends.web.transparency_page import offered_spans, report_as_json

router = Router(tags=["public"])
Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]


class ClauseOut(Schema):
    """`id` is what a measure names; `ground` and `tier` say which conduct it is about."""

    id: str
    ground: str
    tier: str
    title: str
    rule: str
    example: str
    allowed: str
    consequence: str


class PolicyOut(Schema):
    brand: str
    number: int
    published_at: datetime
    language: str
    languages: list[str]
    title: str
    introduction: str
    never_removed: list[str]
    clauses: list[ClauseOut]
    url: str


class TransparencyOut(Schema):
    """Counted from the sealed log alone; the shape of the public report."""

    brand: str
    period: dict[str, str]
    log_entries: int
    criticism_removed: int
    criticism_beside_grave_conduct_removed: int
    measures: dict[str, Any]
    appeals: dict[str, int]


class PolicyWanted(Schema):
    brand: Key | None = None
    language: Language | None = None


class ReportWanted(Schema):
    brand: Key | None = None
    period: Annotated[str, Field(pattern="^20[0-9]{2}(-(0[1-9]|1[0-2]))?$")] | None = None


@router.get("/policy", response=PolicyOut, auth=READ, summary="Read the comment policy")
def get_policy(request: ApiRequest, wanted: Query[PolicyWanted]) -> PolicyOut:
    """The policy in force of a brand, in one of its languages."""
    brand = find_brand(request, wanted.brand)
    published = policy_in_force(brand, at=request.now)
    if published is None:
        raise Problem("not_found", "This brand has published no policy yet.")
    offered = published.policy.languages
    language = wanted.language or offered[0]
    if language not in offered:
        raise unknown_problem("query.language", f"The policy speaks {', '.join(offered)}.")
    return _policy(brand, published=published, language=language)


@router.get(
    "/transparency", response=TransparencyOut, auth=READ, summary="Read the transparency report"
)
def get_report(request: ApiRequest, wanted: Query[ReportWanted]) -> TransparencyOut:
    """What was done under which clause in a year or month; without `period`, this year."""
    brand = find_brand(request, wanted.brand)
    versions = list(published_policies(brand))
    if not versions:
        raise Problem("not_found", "This brand has published no policy yet.")
    zone = zone_of(brand)
    spans = offered_spans(
        versions[-1].published_at.astimezone(zone), now=request.now.astimezone(zone)
    )
    found = next((one for one in spans if wanted.period in {None, one.code}), None)
    if found is None:
        raise Problem("not_found", "There is no report of this time.")
    counted = transparency_report(brand, period=found.period)
    return TransparencyOut(**report_as_json(brand, counted, span=found))


def _policy(brand: Brand, *, published: PublishedPolicy, language: str) -> PolicyOut:
    page = published.policy.page(language)
    address = reverse("public_policy_language", args=[public_key(brand), language])
    clauses = []
    for one in published.policy.clauses:
        text = one.text(language)
        clauses.append(
            ClauseOut(
                id=one.id,
                ground=one.ground,
                tier=one.tier,
                title=text.title,
                rule=text.rule,
                example=text.example,
                allowed=text.allowed,
                consequence=text.consequence,
            )
        )
    return PolicyOut(
        brand=brand.name,
        number=published.number,
        published_at=published.published_at,
        language=language,
        languages=list(published.policy.languages),
        title=page.title,
        introduction=page.introduction,
        never_removed=list(page.never_removed),
        clauses=clauses,
        url=page_address(address),
    )
