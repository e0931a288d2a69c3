"""What changed between two policies in one language, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from amends.core.diff import Piece, diff_words
from amends.core.policy.policy import Clause, ClauseText, PageText, Policy


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part that is not as it was; `clause` is empty for what stands around the clauses."""

    clause: str
    part: str  # name of the field; `ladder`, `ground`, or `times` of an appeal
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The clauses that came and went, by id, and every part whose words changed."""

    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    parts: tuple[PartChange, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.removed or self.parts)

    @property
    def changed_clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.clause for one in self.parts if one.clause))


def compare_policies(before: Policy, after: Policy, *, language: str) -> PolicyChange:
    """Compare what a reader of `language` would see."""
    old = {one.id: one for one in before.clauses}
    new = {one.id: one for one in after.clauses}
    kept = [(old[key], new[key]) for key in new if key in old]
    parts = list(_page_changes(before, after, language=language))
    for was, is_now in kept:
        parts.extend(_clause_changes(was, is_now, language=language))
    return PolicyChange(
        added=tuple(one for key, one in new.items() if key not in old),
        removed=tuple(one for key, one in old.items() if key not in new),
        parts=tuple(parts),
    )


def _page_changes(before: Policy, after: Policy, *, language: str) -> Iterator[PartChange]:
    was, is_now = before.page(language), after.page(language)
    for one in fields(PageText):
        yield from _change(
            "", one.name, _as_text(getattr(was, one.name)), _as_text(getattr(is_now, one.name))
        )
    yield from _change("", "times", _times(before), _times(after))


def _clause_changes(before: Clause, after: Clause, *, language: str) -> Iterator[PartChange]:
    was, is_now = before.text(language), after.text(language)
    for one in fields(ClauseText):
        yield from _change(after.id, one.name, getattr(was, one.name), getattr(is_now, one.name))
    yield from _change(after.id, "ground", before.ground.value, after.ground.value)
    yield from _change(after.id, "ladder", _ladder(before), _ladder(after))


def _change(clause: str, part: str, was: str, is_now: str) -> Iterator[PartChange]:
    if was != is_now:
        yield PartChange(clause, part, tuple(diff_words(was, new=is_now)))


def _as_text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _times(policy: Policy) -> str:
    lengths = (policy.appeal.within, policy.appeal.answer)
    return ", ".join(f"{one.days}d" if one else "–" for one in lengths)


def _ladder(clause: Clause) -> str:
    return " → ".join(
        f"{one.step.value} {one.length.days}d" if one.length else one.step.value
        for one in clause.ladder
    )
