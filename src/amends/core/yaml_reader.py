"""Reading typed values out of a YAML tree; mistakes are noted with their line, reading goes on."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from amends.core.text import gettext_noop
from amends.core.yaml_tree import MAX_PROBLEMS, FileProblem, ListNode, MapNode, Node, Scalar

Code = TypeVar("Code", bound=StrEnum)

_DURATION = re.compile(r"([1-9][0-9]{0,5})(m|h|d)\Z")
_LONGEST = timedelta(days=3660)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class YamlReader:
    """Reads values and collects problems; after any problem a harmless stand-in is returned."""

    def __init__(self, problems: list[FileProblem] | None = None) -> None:
        self.problems: list[FileProblem] = problems if problems is not None else []
        self.warnings: list[FileProblem] = []

    def report(self, line: int, *, path: str, template: str, **params: str) -> None:
        """Note a problem; `template` is a message id and `params` fill it."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(FileProblem(line, path, template, params))

    def warn(self, line: int, *, path: str, template: str, **params: str) -> None:
        """Note what can be used as it is but is hardly meant."""
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(FileProblem(line, path, template, params))

    def mapping(
        self, node: Node, *, path: str, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Node]:
        """Return the values by key; unknown and missing keys are problems."""
        entries = self.open_mapping(node, path=path)
        allowed = [*required, *optional]
        for key, (line, _) in entries.items():
            if key not in allowed:
                template = gettext_noop("%(key)s is not known here; it may be %(allowed)s")
                self.report(line, path=path, template=template, key=key, allowed=", ".join(allowed))
        if isinstance(node, MapNode):
            for key in required:
                if key not in entries:
                    template = gettext_noop("%(key)s is missing; add it")
                    self.report(node.line, path=path, template=template, key=key)
        return {key: value for key, (_, value) in entries.items() if key in allowed}

    def open_mapping(self, node: Node, *, path: str) -> dict[str, tuple[int, Node]]:
        """Return whatever keys there are, with their lines."""
        if isinstance(node, MapNode):
            return node.entries
        template = gettext_noop("needs keys with values, like `key: value`")
        self.report(node.line, path=path, template=template)
        return {}

    def items(self, node: Node, *, path: str) -> tuple[Node, ...]:
        if isinstance(node, ListNode):
            return node.items
        template = gettext_noop("needs a list, like `[a, b]`")
        self.report(node.line, path=path, template=template)
        return ()

    def text(self, node: Node, *, path: str, longest: int) -> str:
        """Return a text with at most `longest` characters; a bare number counts as text."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            self.report(node.line, path=path, template=gettext_noop("needs a text"))
            return ""
        if len(value) > longest:
            template = gettext_noop("has more than %(limit)s characters; shorten it")
            self.report(node.line, path=path, template=template, limit=str(longest))
            return ""
        return value.strip()

    def code(self, node: Node, *, path: str, codes: type[Code]) -> Code:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and value in set(codes):
            return codes(value)
        template = gettext_noop("%(value)s is not known; it may be one of %(allowed)s")
        allowed = ", ".join(codes)
        self.report(node.line, path=path, template=template, value=show(node), allowed=allowed)
        return next(iter(codes))

    def codes(self, node: Node, *, path: str, codes: type[Code]) -> tuple[Code, ...]:
        """Return a list of codes; one that stands in it twice is a problem."""
        read: list[Code] = []
        for item in self.items(node, path=path):
            so_far = len(self.problems)
            one = self.code(item, path=path, codes=codes)
            if len(self.problems) > so_far:  # no code: what stands in for it is not a repetition
                continue
            if one in read:
                template = gettext_noop("%(value)s stands in the list twice")
                self.report(item.line, path=path, template=template, value=show(item))
            read.append(one)
        return tuple(read)

    def flag(self, node: Node, *, path: str) -> bool:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        template = gettext_noop("%(value)s is neither true nor false")
        self.report(node.line, path=path, template=template, value=show(node))
        return False

    def number(self, node: Node, *, path: str, highest: int | None = None) -> int:
        """Return a whole number from 0 to `highest`."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int):
            template = gettext_noop("%(value)s is not a whole number")
            self.report(node.line, path=path, template=template, value=show(node))
            return 0
        if value < 0 or (highest is not None and value > highest):
            template = gettext_noop("%(value)s is out of range; it may be 0 to %(highest)s")
            limit = "∞" if highest is None else str(highest)
            self.report(node.line, path=path, template=template, value=show(node), highest=limit)
        return value

    def duration(self, node: Node, *, path: str) -> tuple[int, str]:
        """Return count and unit of a time like `30m`, `4h`, `3d`."""
        value = node.value if isinstance(node, Scalar) else None
        match = _DURATION.match(value) if isinstance(value, str) else None
        if match is None or as_timedelta(int(match[1]), unit=match[2]) > _LONGEST:
            template = gettext_noop("%(value)s is not a time; write it like 30m, 4h or 3d")
            self.report(node.line, path=path, template=template, value=show(node))
            return 1, "m"
        return int(match[1]), match[2]

    def span(self, node: Node, *, path: str) -> timedelta:
        """Return a time like `30m`, `4h`, `3d`, a day being 24 hours."""
        count, unit = self.duration(node, path=path)
        return as_timedelta(count, unit=unit)


def as_timedelta(count: int, *, unit: str) -> timedelta:
    """Return `count` minutes (m), hours (h) or days of 24 hours (d)."""
    return timedelta(**{_UNITS[unit]: count})


def show(node: Node) -> str:
    """Return what stands in the file, short enough for a message."""
    if not isinstance(node, Scalar):
        return "[…]" if isinstance(node, ListNode) else "{…}"
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return str(node.value).lower()
    shown = str(node.value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
