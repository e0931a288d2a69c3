"""Turns confirmed triages into corrections; safe to run at any time, any number of times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Max

from amends.cases.models import Triage
from amends.cases.triage import FLAGS
from amends.learning.models import Correction

BATCH = 500
OVERLAP = 2_000  # a triage whose transaction took long may have a lower number than one seen before


def note_corrections() -> int:
    """Add the corrections of triages that have none yet; returns how many triages were read."""
    last = Correction.objects.aggregate(last=Max("triage_id"))["last"] or 0
    waiting = (
        Triage.objects.filter(
            pk__gt=last - OVERLAP, verdict__isnull=False, corrections__isnull=True
        )
        .select_related("verdict")
        .order_by("pk")[:BATCH]
    )
    triages = list(waiting)
    rows = [row for triage in triages for row in read_corrections(triage)]
    Correction.objects.bulk_create(rows, ignore_conflicts=True)
    return len(triages)


def note_all_corrections() -> None:
    """Read every triage that waits."""
    while note_corrections() == BATCH:
        pass


def read_corrections(triage: Triage) -> Iterator[Correction]:
    """One correction for each field that a person confirms and the engine has judged."""
    verdict = triage.verdict
    if verdict is None:
        return
    said_of = verdict.assessment
    arousal = said_of.get("arousal", {}).get("label", "")
    pairs = {
        "category": (verdict.category, triage.category),
        "severity": (verdict.severity, triage.severity),
        "sentiment": (verdict.sentiment, triage.sentiment),
        "complaint": (_yes_no(verdict.is_complaint), _yes_no(triage.is_complaint)),
        "arousal": (arousal, triage.arousal),
        **_asked(triage, assessment=said_of),
    }
    for field, (said, label) in pairs.items():
        yield Correction(
            workspace_id=triage.workspace_id,
            triage=triage,
            version_id=triage.version_id,
            field=field,
            said=said,
            label=label,
            is_change=said != label,
            engine=verdict.engine,
            engine_version=verdict.engine_version,
            confirmed_at=triage.confirmed_at,
        )


def _asked(triage: Triage, *, assessment: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Ground and flags, where the person was asked for them and the engine had judged them."""
    pairs: dict[str, tuple[str, str]] = {}
    ground = assessment.get("policy_ground", {}).get("label", "")
    if triage.policy_ground and ground:
        pairs["policy_ground"] = (ground, triage.policy_ground)
    judged = assessment.get("flags", {})
    if triage.flags is not None:
        for flag in FLAGS:
            if flag in judged:
                pairs[flag.value] = (_yes_no(judged[flag]), _yes_no(flag in triage.flags))
    return pairs


def _yes_no(value: bool) -> str:  # noqa: FBT001 - one value, one word
    return "true" if value else "false"
