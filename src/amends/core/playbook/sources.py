"""Says who? From the id of a source to who says what, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from amends.core.playbook.sources_practice import PRACTICE
from amends.core.playbook.sources_research import RESEARCH
from amends.core.text import gettext_noop

_SAYS: Mapping[str, str] = MappingProxyType({**PRACTICE, **RESEARCH})
_WHO: Mapping[str, str] = MappingProxyType(
    {
        "S0": gettext_noop("a Turkish marketing blog"),
        "S1": gettext_noop("a Turkish guide to crises for online shops"),
        "S2": gettext_noop("an Indonesian guide to answering comments"),
        "S3": gettext_noop("a Russian guide to negative feedback"),
        "S4": gettext_noop("a Dutch guide to having a plan"),
        "R": gettext_noop("standards and research"),
        "C": gettext_noop("how contradicting advice was settled"),
        "K": gettext_noop("what this product was built to do"),
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """Who asks for a rule and what they say, both as message ids."""

    id: str
    who: str
    says: str


def find_source(source_id: str) -> Source | None:
    """Return who says what; None for a source that a workspace's own playbook names."""
    says = _SAYS.get(source_id)
    if says is None:
        return None
    family, _, _ = source_id.partition(".")
    return Source(source_id, _WHO.get(family) or _WHO[source_id[0]], says)


def known_sources() -> tuple[Source, ...]:
    """Return every source that we can explain, in the order of the ids within their families."""
    found = (find_source(source_id) for source_id in _SAYS)
    return tuple(source for source in found if source is not None)
