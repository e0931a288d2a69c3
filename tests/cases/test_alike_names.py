"""Names that would pass for ours, and those of critics and customers, which do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.alike_names import passes_for


@pytest.mark.parametrize(
    "name",
    [
        "Lumbara",
        "@lumbara",
        "LUMBARA",
        "Lumbará",
        "Lumbаrа",  # two Cyrillic letters
        "𝗟𝘂𝗺𝗯𝗮𝗿𝗮",
        "1umbara",
        "Lumbara Support",
        "lumbara_official",
        "Lumbara Müşteri Hizmetleri",
        "resmi.lumbara",
        "Lumbarra",
        "Lumabra",
    ],
)
def test_a_name_that_a_reader_takes_for_ours_passes(name: str) -> None:
    assert passes_for(name, ours=["Lumbara"])


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Ayşe",
        "Lumbara victims",
        "never_again_lumbara",
        "lumbarasucks",
        "Lumber",
        "I love Lumbara",
        "Lumbara Support is a joke",
    ],
)
def test_a_critic_with_our_name_in_theirs_does_not_pass(name: str) -> None:
    assert not passes_for(name, ours=["Lumbara"])


def test_short_names_are_shared_by_too_many() -> None:
    assert not passes_for("Ava", ours=["Ava"])
    assert not passes_for("Lina", ours=["Luna"])
    assert passes_for("Luna", ours=["Luna"])


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_nothing_that_people_call_themselves_breaks_it(name: str, ours: list[str]) -> None:
    assert passes_for(name, ours=ours) in {True, False}
