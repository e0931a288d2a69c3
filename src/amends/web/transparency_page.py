"""The transparency report in words, and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import Brand
from amends.connectors.registry import manifests
from amends.core.policy.policy import Policy
from amends.reports.transparency import ClauseRow, Period, TransparencyReport
from amends.web import labels

KINDS = {
    "warn": gettext_lazy("Warnings"),
    "hide": gettext_lazy("Comments hidden"),
    "delete": gettext_lazy("Comments removed"),
    "temporary_ban": gettext_lazy("Bans for a time"),
    "ban": gettext_lazy("Permanent bans"),
    "block": gettext_lazy("Accounts blocked"),
    "report": gettext_lazy("Reports to the platform"),
    "legal": gettext_lazy("Handed to counsel"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a month; `code` is like 2026 or 2026-11."""

    code: str
    period: Period
    is_year: bool

    @property
    def words(self) -> str:
        return self.code if self.is_year else date_format(self.period.start, "F Y")

    @property
    def last(self) -> date:
        """The last day in it."""
        return (self.period.end - timedelta(days=1)).date()


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with its title in the reader's language."""

    title: str
    row: ClauseRow


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page shows."""

    counted: TransparencyReport
    clauses: list[ClauseLine]
    kinds: list[tuple[str, int]]
    channels: list[tuple[str, int]]
    languages: list[tuple[str, int]]


def offered_spans(first: datetime, *, now: datetime) -> list[Span]:
    """Every year and month since `first`, the newest first, years before their months."""
    spans: list[Span] = []
    for year in range(now.year, first.year - 1, -1):
        spans.append(
            Span(str(year), Period(_month(now, year, 1), _month(now, year + 1, 1)), is_year=True)
        )
        for month in range(12, 0, -1):
            start = _month(now, year, month)
            end = _month(now, year + month // 12, month % 12 + 1)
            if start <= now and end > first:
                spans.append(Span(f"{year}-{month:02d}", Period(start, end), is_year=False))
    return spans


def _month(like: datetime, year: int, month: int) -> datetime:
    """The first moment of a month, in the time zone of `like`."""
    return datetime(year, month, 1, tzinfo=like.tzinfo)


def report_page(counted: TransparencyReport, *, policy: Policy, language: str) -> ReportPage:
    """Put words to the counts; clauses that are no longer public keep their id."""
    titles = {one.id: one.text(language).title for one in policy.clauses}
    return ReportPage(
        counted=counted,
        clauses=[ClauseLine(titles.get(row.clause) or row.clause, row) for row in counted.rows],
        kinds=[(str(KINDS.get(kind, kind)), count) for kind, count in _by_count(counted.by_kind)],
        channels=[(_channel(code), count) for code, count in _by_count(counted.by_channel)],
        languages=[
            (labels.label_of(labels.LANGUAGES, code), count)
            for code, count in _by_count(counted.by_language)
        ],
    )


def report_as_json(brand: Brand, counted: TransparencyReport, *, span: Span) -> dict[str, Any]:
    """The counts by stable codes; no words, so that two reports can be compared."""
    return {
        "brand": brand.name,
        "period": {
            "code": span.code,
            "from": counted.period.start.isoformat(),
            "to": counted.period.end.isoformat(),
        },
        "log_entries": counted.entries,
        "criticism_removed": counted.criticism_removed,
        "criticism_beside_grave_conduct_removed": counted.mixed_removed,
        "measures": {
            "total": counted.measures,
            "by_kind": dict(_by_count(counted.by_kind)),
            "by_clause": [_clause_as_json(row) for row in counted.rows],
            "by_channel": dict(_by_count(counted.by_channel)),
            "by_language": dict(_by_count(counted.by_language)),
            "expired": counted.expired,
            "taken_back": counted.taken_back,
            "refused": counted.refused,
        },
        "appeals": {
            "opened": counted.appeals,
            "decided": counted.appeals_decided,
            "reversed": counted.reversals,
        },
    }


def _clause_as_json(row: ClauseRow) -> dict[str, Any]:
    return {
        "clause": row.clause,
        "ground": row.ground,
        "tier": row.tier,
        "count": row.count,
        "by_kind": dict(_by_count(row.acts)),
        "taken_back": row.taken_back,
        "appeals": row.appeals,
        "reversed": row.reversals,
    }


def _by_count(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda one: (-one[1], one[0]))


def _channel(code: str) -> str:
    """The channel's own name; its code where this version does not know it."""
    known = manifests().get(code)
    return _(known.label) if known else code
