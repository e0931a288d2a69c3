"""Says who? Every source of the shipped playbooks is explained in one sentence."""

from __future__ import annotations

import re

import pytest

from amends.core.playbook.schema import SHIPPED, load_shipped_playbook
from amends.core.playbook.sources import Source, find_source, known_sources


@pytest.mark.parametrize("name", SHIPPED)
def test_every_source_that_a_shipped_playbook_names_is_explained(name: str) -> None:
    playbook = load_shipped_playbook(name)
    rules = (
        *playbook.priorities,
        *playbook.gates,
        *playbook.matrix,
        playbook.default,
        *playbook.pauses.values(),
        *playbook.approvals.values(),
        *playbook.apology.values(),
    )
    named = {source for rule in rules for source in rule.because}
    assert [source for source in sorted(named) if find_source(source) is None] == []


@pytest.mark.parametrize("source", known_sources(), ids=lambda source: source.id)
def test_a_source_says_who_and_what_in_one_short_sentence(source: Source) -> None:
    assert source.who
    assert source.says[0].isupper()
    assert re.search(r"[.?)]$", source.says)
    assert len(source.says) <= 130


def test_who_says_it_follows_from_the_family() -> None:
    assert find_source("S0.11") == Source(
        "S0.11", "a Turkish marketing blog", "Do not delete comments."
    )
    found = {family: find_source(family) for family in ("R20", "C5", "K34")}
    assert [one.who for one in found.values() if one] == [
        "standards and research",
        "how contradicting advice was settled",
        "what this product was built to do",
    ]


@pytest.mark.parametrize("source_id", ["house rule 4", "S9.9", "S0", "R999", ""])
def test_a_source_of_a_workspace_itself_is_not_ours_to_explain(source_id: str) -> None:
    assert find_source(source_id) is None
