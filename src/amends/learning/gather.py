"""Reads what the engine may learn from: the last word of people on each version, newest first."""

from __future__ import annotations

from amends.cases.classify import read_texts
from amends.cases.models import Lane
from amends.cases.triage import FLAGS
from amends.inbox.models import Version
from amends.learning.models import Correction
from amends_engine.classifier import UnreadableText, require_readable
from amends_engine.triage.teach import MOST_TEXTS, CorrectedText

FIELDS_EACH = 12  # corrections that one triage makes
YES_NO = frozenset({"complaint", *(flag.value for flag in FLAGS)})
CHUNK = 200


def gather_corrected_texts(workspace_id: int) -> list[CorrectedText]:
    """The texts of the open lane that people have confirmed or corrected; erased ones are left out.

    What stands in a restricted lane is not learned from: weights and figures are seen by everybody.
    """
    said = _last_words(workspace_id)
    texts: list[CorrectedText] = []
    keys = list(said)
    for start in range(0, len(keys), CHUNK):
        chosen = keys[start : start + CHUNK]
        versions = Version.objects.select_related("content", "comment").in_bulk(chosen)
        found = [versions[key] for key in chosen if key in versions]
        for version, text in zip(found, read_texts(found), strict=True):
            if _is_readable(text.text):
                texts.append(CorrectedText(text, said[version.pk]))
    return texts[:MOST_TEXTS]


def _last_words(workspace_id: int) -> dict[int, dict[str, str | bool]]:
    """Version → field → label; where two people spoke, the later one counts."""
    rows = (
        Correction.objects.filter(workspace_id=workspace_id, triage__case__lane=Lane.OPEN)
        .order_by("-confirmed_at", "-pk")
        .values_list("version_id", "field", "label")
    )
    said: dict[int, dict[str, str | bool]] = {}
    for version_id, field, label in rows[: 2 * FIELDS_EACH * MOST_TEXTS].iterator():
        value = label == "true" if field in YES_NO else label
        said.setdefault(version_id, {}).setdefault(field, value)
    return said


def _is_readable(text: str) -> bool:
    try:
        require_readable(text)
    except UnreadableText:
        return False
    return True
