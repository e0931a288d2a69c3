"""The rules of routing: what they ask of a case, whom they name, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from amends.accounts.models import Workspace
from amends.cases.models import Case, RoutingRules

TO_PERSON, TO_TEAM = "person", "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If a case fits all that is asked (empty: not asked), then this person, or the least busy of a team.

    `to` is person or team; of a team are those who have the `skill` (a word without case, empty: not
    asked) and, with `speaks`, the language of the case. `reach` is the least number of followers.
    """

    to: str
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    brands: tuple[int, ...] = ()
    reach: int | None = None
    person: int | None = None
    skill: str = ""
    speaks: bool = False

    def unfit(self, case: Case) -> str:
        """What of the case does not fit the rule; empty where it fits."""
        asked = (
            ("language", self.languages, primary(case.language)),
            ("channel", self.channels, case.comment.account.kind),
            ("category", self.categories, case.category),
            ("severity", self.severities, case.severity),
            ("brand", self.brands, case.brand_id),
        )
        for name, wanted, there in asked:
            if wanted and there not in wanted:
                return name
        return "reach" if self.reach and (case.author.followers or 0) < self.reach else ""


def primary(language: str) -> str:
    """A language without its region: pt-BR is pt."""
    return language.partition("-")[0]


def rules_to_json(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [asdict(rule) for rule in rules]


def rules_from_json(raw: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules as they were kept by `rules_to_json`."""
    return tuple(_rule(row) for row in raw)


def _rule(row: Mapping[str, Any]) -> Rule:
    kept: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in row.items()
    }
    return Rule(**kept)


def rules_in_force(workspace: Workspace) -> RoutingRules | None:
    """The latest version; None where there never was one: nothing is routed."""
    return RoutingRules.objects.filter(workspace=workspace).order_by("-number").first()
