"""Who gets new cases: the rules in their order, a try-out, the people they mean, earlier versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.models import Membership
from amends.accounts.permissions import may_draft, may_edit_routing, may_read
from amends.accounts.queries import members_of
from amends.accounts.work_profile import WorkLife, fold_skill, read_work_life
from amends.cases.change_routing import MOST_RULES, change_routing, routing_visible_to
from amends.cases.models import Case, RoutingState
from amends.cases.queries import case_or_none
from amends.cases.route import choose
from amends.cases.routing_rules import TO_PERSON, TO_TEAM, Rule, rules_from_json
from amends.cases.transitions import NotPossible
from amends.connectors.registry import manifests
from amends.core.ids import PublicIdError, parse_public_id
from amends.inbox.queries import brands_visible_to
from amends.web import labels as words
from amends.web.pages import DeskRequest, page
from amends.web.team_part import asked_words, routing_words

SHOWN_VERSIONS = 5
LISTS = ("languages", "channels", "categories", "severities")


@dataclass(frozen=True, slots=True)
class Trial:
    """Who would get a case now."""

    case: Case
    said: str
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """A colleague as routing sees them."""

    membership: Membership
    life: WorkLife
    languages: list[str]
    is_away: bool


@page(may=may_read, to_post=may_edit_routing)
def routing(request: DeskRequest) -> HttpResponse:
    """Everybody reads the rules and tries them; who edits routing changes them."""
    versions = routing_visible_to(request.user, workspace=request.workspace)
    current = versions.first()
    rules = rules_from_json(current.rules) if current else ()
    number = current.number if current else 0
    problem, trial = "", None
    wanted = request.GET.get("try") or request.POST.get("try_case") or ""
    if request.method == "POST":
        rules = read_rules(request.POST)
        if "try" not in request.POST:
            try:
                _save(request, rules)
            except NotPossible as refused:
                problem = str(refused)
            else:
                messages.success(request, _("Saved. New cases are given by these rules."))
                return HttpResponseRedirect(reverse("routing"))
        number = int(seen) if (seen := request.POST.get("seen", "")).isdigit() else 0
    if wanted.strip() and not problem:
        trial, problem = _try(request, wanted, rules=rules)
    shown = {
        "rules": list(enumerate(rules, start=1)),
        "rows": _rows(rules),
        "number": number,
        "versions": list(versions[:SHOWN_VERSIONS]),
        "may_edit": may_edit_routing(request.user, request.workspace),
        "problem": problem,
        "trial": trial,
        "wanted": wanted,
        "people": _people(request),
        "choices": _choices(request),
        "now": request.clock.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "routing/routing.html", shown, status=status)


def read_rules(posted: QueryDict) -> tuple[Rule, ...]:
    """The rules as they were typed, in the order of their numbers; those to be removed are left out."""
    found: list[tuple[float, int, Rule]] = []
    for row in range(1, MOST_RULES + 2):
        to = posted.get(f"to-{row}", "")
        if not to or f"remove-{row}" in posted:
            continue
        found.append((_order(posted.get(f"order-{row}", ""), row), row, _rule(posted, row, to)))
    return tuple(rule for _order_, _row, rule in sorted(found, key=lambda one: one[:2]))


def _rule(posted: QueryDict, row: int, to: str) -> Rule:
    lists = {name: tuple(filter(None, [posted.get(f"{name}-{row}", "")])) for name in LISTS}
    brand, reach = posted.get(f"brands-{row}", ""), posted.get(f"reach-{row}", "")
    is_team = to == TO_TEAM
    return Rule(
        to=TO_TEAM if is_team else TO_PERSON,
        **lists,
        brands=(int(brand),) if _is_key(brand) else (),
        reach=int(reach) if _is_key(reach) and int(reach) else None,
        person=int(to) if _is_key(to) else None,
        skill=fold_skill(posted.get(f"skill-{row}", ""))[:40] if is_team else "",
        speaks=is_team and f"speaks-{row}" in posted,
    )


def _order(text: str, row: int) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float(row)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _save(request: DeskRequest, rules: tuple[Rule, ...]) -> None:
    seen = request.POST.get("seen", "")
    change_routing(
        request.workspace,
        rules=rules,
        after=int(seen) if _is_key(seen) else 0,
        by=request.user,
        now=request.clock.now(),
    )


def _try(request: DeskRequest, wanted: str, *, rules: tuple[Rule, ...]) -> tuple[Trial | None, str]:
    """Who would get the case, or what is wrong with the number."""
    raw = wanted.strip()
    try:
        number = parse_public_id(f"C-{raw}" if raw.isdecimal() else raw.upper()).number
    except PublicIdError:
        return None, _("Name a case by its number, such as C-12.")
    case = case_or_none(request.user, workspace=request.workspace, number=number)
    if case is None:
        return None, _("There is no such case, or it is not yours to see.")
    outcome = choose(case, rules=rules, now=request.clock.now())
    explained = outcome.to_json()
    if outcome.chosen is not None:
        said = _("%(name)s would get %(case)s, by rule %(rule)d.") % {
            "name": outcome.chosen,
            "case": case.public_id,
            "rule": outcome.rule,
        }
    else:
        state = RoutingState.NOBODY if outcome.rule else RoutingState.NO_RULE
        said = routing_words(state, explained)
    return Trial(case, said, asked_words(explained)), ""


def _people(request: DeskRequest) -> list[PersonView]:
    """Who can be meant, with what routing knows of them."""
    now: datetime = request.clock.now()
    members = members_of(request.workspace).select_related("work_profile")
    found = []
    for member in members:
        if may_draft(member.user, request.workspace):
            life = read_work_life(getattr(member, "work_profile", None))
            names = [words.label_of(words.LANGUAGES, code) for code in life.languages]
            found.append(PersonView(member, life, names, life.is_away(now)))
    return found


def _choices(request: DeskRequest) -> dict[str, Any]:
    """What each list of the form offers."""

    def table(of: Any) -> list[tuple[str, str]]:
        return [(code, str(label)) for code, label in of.items() if code != "und"]

    brands = brands_visible_to(request.user, workspace=request.workspace)
    return {
        "languages": table(words.LANGUAGES),
        "channels": [(kind, str(one.label)) for kind, one in sorted(manifests().items())],
        "categories": table(words.CATEGORIES),
        "severities": table(words.SEVERITIES),
        "brands": [(one.pk, str(one)) for one in brands],
    }


def _rows(rules: tuple[Rule, ...]) -> list[tuple[int, Rule | None]]:
    """The rules with their numbers in the form, and an empty one at the end."""
    rows: list[tuple[int, Rule | None]] = list(enumerate(rules, start=1))
    return [*rows, (len(rows) + 1, None)]
