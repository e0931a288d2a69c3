"""Strict YAML: text in, a small tree with line numbers out; no aliases, tags, or guessed types.

Read from the parser's events rather than through PyYAML's constructor, so that nothing is built
before it is known to be harmless, every value keeps its line, and all mistakes are collected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from amends.core.text import gettext_noop

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_PROBLEMS = 200

# Only these plain words are not text: YAML 1.1 would also turn `no` (Norwegian), `12:30` and `1e3`
# into something else than what a person wrote.
_CONSTANTS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "~": None,
    "": None,
}
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")


class Line(int):
    """A line of a file, counted from 1; a number like any other that also knows the column."""

    column: int

    def __new__(cls, line: int, *, column: int = 1) -> Line:
        one = super().__new__(cls, line)
        one.column = column
        return one


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A mistake in a file of rules.

    `template` is a message id with `params` for it, so that the interface can translate; `message`
    is the English sentence. `path` says where in the structure ("matrix[2].when"), `line` counts
    from 1.
    """

    line: int
    path: str
    template: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def column(self) -> int:
        """Counted from 1 in code points; 1 where only the line is known."""
        return self.line.column if isinstance(self.line, Line) else 1

    @property
    def reason(self) -> str:
        return self.template % self.params if self.params else self.template

    @property
    def message(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


@dataclass(frozen=True, slots=True)
class Scalar:
    line: int
    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class ListNode:
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """`entries` maps each key to the line of the key and its value, in the order of the file."""

    line: int
    entries: dict[str, tuple[int, Node]]


Node: TypeAlias = Scalar | ListNode | MapNode


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def parse_yaml(source: str | bytes) -> tuple[Node | None, list[FileProblem]]:
    """Return the tree of `source` and all mistakes found; None when there is no tree."""
    text, problem = _decode(source)
    if problem is not None:
        return None, [problem]
    builder = _Builder()
    try:
        return builder.read_document(yaml.parse(text, Loader=yaml.SafeLoader)), builder.problems
    except _TooDeepError as error:
        template = gettext_noop("nested deeper than %(limit)s levels; write it flatter")
        problem = FileProblem(error.line, "", template, {"limit": str(MAX_DEPTH)})
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        template = gettext_noop("not valid YAML: %(reason)s")
        reason = error.problem or error.context or "?"
        problem = FileProblem(_place(mark), "", template, {"reason": reason})
    except yaml.reader.ReaderError as error:
        line = _find(text, error.position)
        template = gettext_noop("a control character stands here; remove it")
        problem = FileProblem(line, "", template)
    return None, [*builder.problems, problem]


def _decode(source: str | bytes) -> tuple[str, FileProblem | None]:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(raw) > MAX_BYTES:
        template = gettext_noop("the file is larger than %(limit)s KiB; split it or shorten it")
        return "", FileProblem(1, "", template, {"limit": str(MAX_BYTES // 1024)})
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = _find(raw[: error.start].decode("utf-8-sig"), error.start)
        template = gettext_noop("the file is not UTF-8; save it in that encoding")
        return "", FileProblem(line, "", template)


class _Builder:
    """Builds the tree from the events of the parser and collects mistakes on the way."""

    def __init__(self) -> None:
        self.problems: list[FileProblem] = []

    def read_document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                first = next(events)
                node = self._read(first, events, depth=1)
                if root is None:
                    root = node
                else:
                    self._add(event, gettext_noop("a second document begins; keep one per file"))
        if root is None:
            self.problems.append(FileProblem(1, "", gettext_noop("the file is empty")))
        return root

    def _read(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> Node:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _TooDeepError(line)
        if isinstance(event, yaml.AliasEvent):
            self._add(
                event, gettext_noop("references (*name) are not allowed; write the value out")
            )
            return Scalar(line, None)
        self._check_marks(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._read_mapping(line, events, depth=depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._read_list(line, events, depth=depth)
        return Scalar(line, _read_value(event) if isinstance(event, yaml.ScalarEvent) else None)

    def _read_list(self, line: int, events: Iterator[yaml.Event], *, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._read(event, events, depth=depth + 1))
        return ListNode(line, tuple(items))

    def _read_mapping(self, line: int, events: Iterator[yaml.Event], *, depth: int) -> MapNode:
        entries: dict[str, tuple[int, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._read(event, events, depth=depth + 1)
            value = self._read(next(events), events, depth=depth + 1)
            name = self._name(key, event)
            if name in entries:
                template = gettext_noop("%(key)s stands here twice (first in line %(first)s)")
                self._add(event, template, key=name, first=str(entries[name][0]))
            elif name is not None:
                entries[name] = (key.line, value)
        return MapNode(line, entries)

    def _name(self, key: Node, event: yaml.Event) -> str | None:
        if isinstance(key, Scalar) and isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self._add(event, gettext_noop("a key must be a plain word"))
        return None

    def _check_marks(self, event: yaml.Event) -> None:
        if getattr(event, "anchor", None) is not None:
            self._add(event, gettext_noop("anchors (&name) are not allowed; write the value out"))
        if getattr(event, "tag", None) is not None:
            self._add(event, gettext_noop("tags (!name) are not allowed; remove it"))

    def _add(self, event: yaml.Event, template: str, **params: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(FileProblem(_line(event), "", template, params))


def _line(event: yaml.Event) -> Line:
    return _place(event.start_mark)


def _place(mark: Any) -> Line:  # a mark of PyYAML's reader in Python or in C, or None
    return Line(1) if mark is None else Line(mark.line + 1, column=mark.column + 1)


def _find(text: str, position: int) -> Line:
    before = text[:position]
    return Line(before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _read_value(event: yaml.ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if event.style is not None:  # quoted or block: text, whatever it looks like
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _WHOLE_NUMBER.match(text) else text
