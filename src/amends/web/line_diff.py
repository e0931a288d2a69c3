"""What changed between two texts of rules, line by line, with a little of what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3  # unchanged lines shown on each side of a change


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line; `kind` is same, added, removed or gap (lines left out), a number None where it is not."""

    kind: str
    old: int | None
    new: int | None
    text: str


def diff_lines(before: str, *, after: str) -> tuple[DiffLine, ...]:
    """The changed lines in the order of the file; empty where nothing differs."""
    old, new = before.splitlines(), after.splitlines()
    found: list[DiffLine] = []
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND):
        if found:
            found.append(DiffLine("gap", None, None, ""))
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                found += [
                    DiffLine("same", old_start + at + 1, new_start + at + 1, text)
                    for at, text in enumerate(old[old_start:old_end])
                ]
                continue
            found += [
                DiffLine("removed", at + 1, None, old[at]) for at in range(old_start, old_end)
            ]
            found += [DiffLine("added", None, at + 1, new[at]) for at in range(new_start, new_end)]
    return tuple(found)
