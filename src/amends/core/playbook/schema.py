"""Reading a playbook: every mistake with its line, its place, and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from amends.core.playbook.rules import ClockTargets, Playbook, PlaybookName, Span
from amends.core.playbook.schema_checks import check_whole
from amends.core.playbook.schema_rules import RuleReader
from amends.core.playbook.schema_sections import SectionReader
from amends.core.playbook.schema_warnings import warn_of
from amends.core.playbook.terms import ClockKind, Hours, RuleKind
from amends.core.text import gettext_noop
from amends.core.vocabulary import Priority
from amends.core.yaml_reader import YamlReader, as_timedelta
from amends.core.yaml_tree import FileProblem, ListNode, MapNode, Node, Scalar, parse_yaml

__all__ = [
    "Playbook",
    "PlaybookError",
    "Review",
    "check_playbook",
    "load_shipped_playbook",
    "parse_playbook",
    "read_shipped_playbook",
    "review_playbook",
]

SHIPPED = ("general", "ecommerce")
_NO_ITEMS = ListNode(1, ())
PARTS = ("kind", "name", "version", "priorities", "clocks", "gates", "matrix", "default")
SECTIONS = ("pauses", "approvals", "components", "apology")
_OTHER_KINDS = {"policy": "amends policy check"}


class PlaybookError(ValueError):
    """A text is no playbook; `problems` holds every reason, in the order of the lines."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = _in_order(problems)
        super().__init__("\n".join(f"line {one.line}: {one.message}" for one in self.problems))


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to say of a text: `playbook` is None where `problems` keep it from being one.

    `warnings` are about what can be used as it stands but is hardly meant.
    """

    playbook: Playbook | None
    problems: tuple[FileProblem, ...]
    warnings: tuple[FileProblem, ...] = ()


def review_playbook(source: str | bytes) -> Review:
    """Return the playbook written in `source`, or all its mistakes, with what is worth a warning.

    Mistakes between rules (an unreachable row, reach that lowers a priority) are looked for once
    each rule can be read by itself, warnings once there are no mistakes.
    """
    root, problems = parse_yaml(source)
    if root is None:
        return Review(None, _in_order(problems))
    reader = YamlReader(problems)
    playbook = _read(reader, root, digest=_digest(source))
    if reader.problems:
        return Review(None, _in_order(reader.problems))
    return Review(playbook, (), _in_order(reader.warnings))


def parse_playbook(source: str | bytes) -> Playbook:
    """Return the playbook written in `source`; raise PlaybookError with all its mistakes."""
    review = review_playbook(source)
    if review.playbook is None:
        raise PlaybookError(list(review.problems))
    return review.playbook


def check_playbook(source: str | bytes) -> tuple[FileProblem, ...]:
    """Return the mistakes of `source`, none for a sound playbook."""
    return review_playbook(source).problems


def _in_order(problems: list[FileProblem]) -> tuple[FileProblem, ...]:
    return tuple(sorted(problems, key=lambda one: (one.line, one.column)))


def read_shipped_playbook(name: str) -> bytes:
    """Return the text of a playbook of ours; raise KeyError with the names that there are."""
    if name not in SHIPPED:
        raise KeyError(f"no playbook of ours is called {name}; there is {', '.join(SHIPPED)}")
    return files("amends.core.playbook").joinpath("playbooks", f"{name}.yaml").read_bytes()


@cache
def load_shipped_playbook(name: str) -> Playbook:
    """Return a playbook of ours, parsed once per process."""
    return parse_playbook(read_shipped_playbook(name))


def _digest(source: str | bytes) -> str:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return hashlib.sha256(raw).hexdigest()


def _read(reader: YamlReader, root: Node, *, digest: str) -> Playbook | None:
    if not _is_playbook(reader, root):
        return None
    found = reader.mapping(root, path="", required=PARTS, optional=SECTIONS)
    rules = RuleReader(reader)
    name = _read_text(reader, found, key="name", longest=64)
    version = _read_text(reader, found, key="version", longest=32)
    priorities = rules.read_priorities(found.get("priorities", _NO_ITEMS))
    clocks = _read_clocks(reader, found["clocks"]) if "clocks" in found else {}
    gates = rules.read_rules(found.get("gates", _NO_ITEMS), kind=RuleKind.GATE, path="gates")
    matrix = rules.read_rules(found.get("matrix", _NO_ITEMS), kind=RuleKind.MATRIX, path="matrix")
    default = rules.read_default(found["default"]) if "default" in found else None
    sections = _read_sections(SectionReader(rules), found)
    if default is None or reader.problems:
        return None
    named = PlaybookName(name, version, digest)
    playbook = Playbook(named, priorities, clocks, gates, matrix, default, **sections)
    check_whole(reader, playbook=playbook, lines=rules.lines | _clock_lines(found["clocks"]))
    if not reader.problems:
        warn_of(reader, playbook=playbook, lines=rules.lines)
    return playbook


def _read_sections(sections: SectionReader, found: Mapping[str, Node]) -> dict[str, Any]:
    readers = {
        "pauses": sections.read_pauses,
        "approvals": sections.read_approvals,
        "components": sections.read_components,
        "apology": sections.read_apology,
    }
    return {name: read(found[name]) for name, read in readers.items() if name in found}


def _read_text(reader: YamlReader, found: Mapping[str, Node], *, key: str, longest: int) -> str:
    return reader.text(found[key], path=key, longest=longest) if key in found else ""


def _is_playbook(reader: YamlReader, root: Node) -> bool:
    """Whether the file says that it is one; of anything else further mistakes mean nothing."""
    _, kind = reader.open_mapping(root, path="").get("kind", (1, None))
    if kind is None or (isinstance(kind, Scalar) and kind.value == "playbook"):
        return isinstance(root, MapNode)
    name = str(kind.value) if isinstance(kind, Scalar) else ""
    if name in _OTHER_KINDS:
        template = gettext_noop("this is a %(kind)s, not a playbook; check it with `%(command)s`")
        reader.report(
            kind.line, path="kind", template=template, kind=name, command=_OTHER_KINDS[name]
        )
        return False
    template = gettext_noop("this is not a playbook; a playbook says `kind: playbook`")
    reader.report(kind.line, path="kind", template=template)
    return False


def _read_clocks(reader: YamlReader, node: Node) -> dict[Priority, ClockTargets]:
    found = reader.mapping(node, path="clocks", required=[one.value for one in Priority])
    return {
        Priority(name): _read_targets(reader, targets, path=f"clocks.{name}")
        for name, targets in found.items()
    }


def _read_targets(reader: YamlReader, node: Node, *, path: str) -> ClockTargets:
    optional = (ClockKind.PROGRESS.value, ClockKind.RESOLUTION.value, "hours")
    found = reader.mapping(
        node, path=path, required=(ClockKind.FIRST_REPLY.value,), optional=optional
    )
    hours = Hours.WORKING
    if "hours" in found:
        hours = reader.code(found.pop("hours"), path=f"{path}.hours", codes=Hours)
    targets = {
        ClockKind(name): _read_span(reader, span, path=f"{path}.{name}")
        for name, span in found.items()
    }
    return ClockTargets(targets, hours)


def _read_span(reader: YamlReader, node: Node, *, path: str) -> Span:
    count, unit = reader.duration(node, path=path)
    if unit == "d":
        return Span(days=count)
    return Span(minutes=int(as_timedelta(count, unit=unit).total_seconds()) // 60)


def _clock_lines(node: Node) -> dict[str, int]:
    entries = node.entries if isinstance(node, MapNode) else {}
    return {f"clocks.{name}": line for name, (line, _) in entries.items()}
