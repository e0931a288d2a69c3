"""The public ledger of a brand: what was done under which clause, counted from the log alone (K23, R8).

No table of measures is asked: who wants to check the numbers counts the sealed log and must come to the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amends.accounts.models import Brand, TextKind, TextVersion
from amends.cases.models import Case
from amends.core.policy.terms import GROUNDS, Tier
from amends.record.models import ActionLog

ACTIONS = ("measure.act", "measure.undo", "measure.refused", "appeal.open", "appeal.decide")
REMOVALS = frozenset({"hide", "delete"})
EXPIRED = "expired"  # an end that was set from the start takes nothing back
# An appeal that was upheld undid its measure; "reversed" says the same of the measure.
REVERSALS = frozenset({"upheld", "reversed"})


@dataclass(frozen=True, slots=True)
class Period:
    """Half open: from `start`, until before `end`."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(slots=True)
class ClauseRow:
    """What happened under one clause; acts by the kind of measure."""

    clause: str
    ground: str
    tier: str
    acts: Counter[str] = field(default_factory=Counter)
    taken_back: int = 0
    appeals: int = 0
    reversals: int = 0

    @property
    def count(self) -> int:
        return self.acts.total()


@dataclass(slots=True)
class TransparencyReport:
    """All counts of a period; `criticism_removed` is computed and not claimed."""

    period: Period
    entries: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)
    clauses: dict[str, ClauseRow] = field(default_factory=dict)
    expired: int = 0
    taken_back: int = 0
    refused: int = 0
    appeals: int = 0
    appeals_decided: int = 0
    reversals: int = 0
    criticism_removed: int = 0
    mixed_removed: int = 0

    @property
    def measures(self) -> int:
        return self.by_kind.total()

    @property
    def rows(self) -> list[ClauseRow]:
        """The clauses, the one with the most measures first."""
        return sorted(self.clauses.values(), key=lambda one: (-one.count, one.clause))


def transparency_report(brand: Brand, *, period: Period) -> TransparencyReport:
    """Count the log of a brand over a period.

    A measure counts when it was done, its undoing when it was undone, an appeal when it was opened and when
    it was decided; each under the clause that its measure named.
    """
    report = TransparencyReport(period)
    acts: dict[str, Mapping[str, Any]] = {}
    for entry in _entries_of(brand, before=period.end):
        data = entry.data if isinstance(entry.data, dict) else {}
        if entry.action == "measure.act":
            acts[str(data.get("measure"))] = data
        if not period.holds(entry.at):
            continue
        report.entries += 1
        _count(report, entry.action, data=data, act=acts.get(str(data.get("measure")), data))
    return report


def _count(
    report: TransparencyReport, action: str, *, data: Mapping[str, Any], act: Mapping[str, Any]
) -> None:
    if action == "measure.refused":
        report.refused += 1
        return
    row = _row_of(report, act)
    if action == "measure.act":
        _count_act(report, row, data)
    elif action == "measure.undo":
        if data.get("because") == EXPIRED:
            report.expired += 1
        else:
            report.taken_back += 1
            row.taken_back += 1
    elif action == "appeal.open":
        report.appeals += 1
        row.appeals += 1
    elif action == "appeal.decide":
        report.appeals_decided += 1
        if _word(data, "outcome") in REVERSALS:
            report.reversals += 1
            row.reversals += 1


def _count_act(report: TransparencyReport, row: ClauseRow, data: Mapping[str, Any]) -> None:
    kind = _word(data, "kind")
    row.acts[kind] += 1
    report.by_kind[kind] += 1
    report.by_channel[_word(data, "channel")] += 1
    report.by_language[_word(data, "language") or "und"] += 1
    if kind not in REMOVALS:
        return
    if _removed_criticism(data):
        report.criticism_removed += 1
    elif data.get("is_criticism"):
        report.mixed_removed += 1


def _removed_criticism(data: Mapping[str, Any]) -> bool:
    """Whether a removal cannot be defended: no clause, no ground, or criticism beside Tier B (C1)."""
    if not _word(data, "clause") or _word(data, "ground") not in GROUNDS:
        return True
    return bool(data.get("is_criticism")) and _word(data, "tier") != Tier.A.value


def _row_of(report: TransparencyReport, act: Mapping[str, Any]) -> ClauseRow:
    clause = _word(act, "clause")
    row = report.clauses.get(clause)
    if row is None:
        row = ClauseRow(clause, _word(act, "ground"), _word(act, "tier"))
        report.clauses[clause] = row
    return row


def _word(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _entries_of(brand: Brand, *, before: datetime) -> Iterator[ActionLog]:
    """The entries of the brand, the oldest first.

    An entry names the policy version (`policy`) or its case; both belong to exactly one brand.
    """
    entries = ActionLog.objects.filter(
        workspace_id=brand.workspace_id, action__in=ACTIONS, at__lt=before
    ).order_by("id")
    versions = set(
        TextVersion.objects.filter(brand=brand, kind=TextKind.POLICY).values_list("pk", flat=True)
    )
    cases = _CasesOf(brand)
    for entry in entries.iterator():
        version = entry.data.get("policy") if isinstance(entry.data, dict) else None
        if version in versions if isinstance(version, int) else cases.hold(entry.subject_id):
            yield entry


class _CasesOf:
    """Whether a case (`C-12`) is one of the brand; each is asked for once."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._known: dict[str, bool] = {}

    def hold(self, public_id: str) -> bool:
        if public_id not in self._known:
            number = public_id.removeprefix("C-")
            is_number = number.isascii() and number.isdecimal()
            self._known[public_id] = (
                is_number
                and Case.objects.filter(
                    workspace_id=self._brand.workspace_id, brand=self._brand, number=int(number)
                ).exists()
            )
        return self._known[public_id]
