"""What differs between two playbooks, rule by rule and key by key, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from amends.core.longest_rise import longest_rise
from amends.core.playbook.plain import (
    Plain,
    plain_apology,
    plain_approval,
    plain_clock,
    plain_component,
    plain_pause,
    plain_priority,
    plain_rule,
)
from amends.core.playbook.rules import Playbook


class Fate(StrEnum):
    """What became of a rule or an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Section(StrEnum):
    """The parts of a playbook, as its file names them."""

    HEAD = "head"
    PRIORITIES = "priorities"
    CLOCKS = "clocks"
    PAUSES = "pauses"
    APPROVALS = "approvals"
    COMPONENTS = "components"
    APOLOGY = "apology"
    GATES = "gates"
    MATRIX = "matrix"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key that differs: what the file says before and after, None where it says nothing."""

    key: str
    before: Plain
    after: Plain


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule or entry that differs.

    `keys` holds what differs within it; for one that was added or removed every key that it has.
    MOVED: it says the same, but stands elsewhere among the rules of its section, and order decides.
    """

    section: Section
    id: str
    fate: Fate
    keys: tuple[KeyChange, ...] = ()


_Entries = Mapping[str, Mapping[str, Plain]]
_ORDERED = frozenset({Section.PRIORITIES, Section.GATES, Section.MATRIX})


def diff_playbooks(before: Playbook, *, after: Playbook) -> tuple[Difference, ...]:
    """Return all differences in the order of the file: equal playbooks have none.

    Rules are compared by their id; one with a new id counts as removed and added. Comments, the
    order of keys and the way in which YAML is written make no difference.
    """
    return tuple(
        difference
        for section in Section
        for difference in _compare(section, _read(before, section), _read(after, section))
    )


def _read(playbook: Playbook, section: Section) -> _Entries:
    named = playbook.named
    entries: dict[Section, _Entries] = {
        Section.HEAD: {"playbook": {"name": named.name, "version": named.version}},
        Section.PRIORITIES: {rule.id: plain_priority(rule) for rule in playbook.priorities},
        Section.CLOCKS: {key.value: plain_clock(one) for key, one in playbook.clocks.items()},
        Section.PAUSES: {key.value: plain_pause(one) for key, one in playbook.pauses.items()},
        Section.APPROVALS: {
            key.value: plain_approval(one) for key, one in playbook.approvals.items()
        },
        Section.COMPONENTS: {
            key.value: plain_component(one) for key, one in playbook.components.items()
        },
        Section.APOLOGY: {key.value: plain_apology(one) for key, one in playbook.apology.items()},
        Section.GATES: {rule.id: plain_rule(rule) for rule in playbook.gates},
        Section.MATRIX: {rule.id: plain_rule(rule) for rule in playbook.matrix},
        Section.DEFAULT: {playbook.default.id: plain_rule(playbook.default)},
    }
    return entries[section]


def _compare(section: Section, old: _Entries, new: _Entries) -> Iterable[Difference]:
    moved = _moved(old, new) if section in _ORDERED else frozenset()
    for name, values in new.items():
        if name not in old:
            yield Difference(section, name, Fate.ADDED, _keys({}, values))
        elif keys := _keys(old[name], values):
            yield Difference(section, name, Fate.CHANGED, keys)
        elif name in moved:
            yield Difference(section, name, Fate.MOVED)
    for name, values in old.items():
        if name not in new:
            yield Difference(section, name, Fate.REMOVED, _keys(values, {}))


def _keys(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> tuple[KeyChange, ...]:
    return tuple(
        KeyChange(key, old.get(key), new.get(key))
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    )


def _moved(old: _Entries, new: _Entries) -> frozenset[str]:
    """Return the fewest rules that must have been moved to come from one order to the other."""
    before = [name for name in old if name in new]
    places = {name: place for place, name in enumerate(before)}
    after = [name for name in new if name in places]
    stayed = set(longest_rise([places[name] for name in after]))
    return frozenset(name for place, name in enumerate(after) if place not in stayed)
