"""The order of all learned numbers: a column for every label of every choice, then the truths.

Screen and model answer in this layout, so that they can be compared, blended and taught alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from amends_engine.classifier import (
    AROUSALS,
    CATEGORIES,
    FLAGS,
    POLICY_GROUNDS,
    SENTIMENTS,
    SEVERITIES,
)

CHOICES: Mapping[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "category": CATEGORIES,
    "severity": SEVERITIES,
    "arousal": AROUSALS,
    "policy_ground": POLICY_GROUNDS,
}
"""Fields of which exactly one label holds."""

TRUTHS = ("complaint", *(flag for flag in FLAGS if flag != "vague"))
"""Fields that are true or false. `vague` is a category, and its flag follows from that."""


def _slices() -> Iterator[tuple[str, slice]]:
    at = 0
    for field, labels in CHOICES.items():
        yield field, slice(at, at + len(labels))
        at += len(labels)


COLUMNS: Mapping[str, slice] = dict(_slices())
TRUTHS_AT = sum(len(labels) for labels in CHOICES.values())
WIDTH = TRUTHS_AT + len(TRUTHS)


_COLUMN_OF: Mapping[tuple[str, str | None], int] = {
    **{
        (field, label): COLUMNS[field].start + at
        for field, labels in CHOICES.items()
        for at, label in enumerate(labels)
    },
    **{(field, None): TRUTHS_AT + at for at, field in enumerate(TRUTHS)},
}


def column_of(field: str, label: str | None = None) -> int:
    """Return the column of a label, or of a truth; raise ValueError for an unknown one."""
    try:
        return _COLUMN_OF[field, label]
    except KeyError:
        raise ValueError(f"no column for {field!r} {label!r}") from None
