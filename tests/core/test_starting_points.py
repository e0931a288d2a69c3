"""Starting points as a file, and how a draft is known that still is one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.starting.points import StartingPoint, fill, fixed_parts, parse_points, write_points
from amends.core.starting.unchanged import is_same_apart_from_variables, words_left

GAP = "[…]"
LATE = StartingPoint(
    code="tr-kargo",
    title="Kargo gecikti",
    language="tr",
    category="business_error",
    text="{author} Bey, {order} numaralı paketiniz gecikti, bu bizim hatamız. […]\n"
    "Size {time} yazacağım. {agent}",
)
PARTS = fixed_parts(LATE.text, gap=GAP)


def test_what_is_written_is_read_again() -> None:
    other = StartingPoint(
        code="en-1", title="Thanks: “all”", language="en", text="Dear {author},\n\nno."
    )
    points, problems = parse_points(write_points([LATE, other]))
    assert points == (LATE, other)
    assert not problems


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind: policy\ntexts: []", "another kind"),
        ("kind: starting_points\ntexts: 3", "needs a list"),
        ("kind: starting_points\ntexts:\n- {code: A b, title: t, language: en, text: x}", "A b"),
        ("kind: starting_points\ntexts:\n- {code: a, title: t, language: english, text: x}", "more than 3"),
        ("kind: starting_points\ntexts:\n- {code: a, title: t, language: en, text: '{nam}'}", "no variable"),
        ("kind: starting_points\ntexts:\n- {code: a, title: t, language: en, category: x, text: y}", "x"),
        ("kind: [", ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(text: str, says: str) -> None:
    _points, problems = parse_points(text)
    assert problems
    assert says in problems[0].message


def test_what_nobody_knows_becomes_a_gap() -> None:
    filled = fill(LATE.text, known={"author": "Can", "agent": "Elif", "order": ""}, gap=GAP)
    assert filled == (
        "Can Bey, […] numaralı paketiniz gecikti, bu bizim hatamız. […]\nSize […] yazacağım. Elif"
    )


@pytest.mark.parametrize(
    "draft",
    [
        "Can Bey, 4711 numaralı paketiniz gecikti, bu bizim hatamız. Depoda kaldı."
        "\nSize 18:00’de yazacağım. Elif",
        "can bey,  4711 numaralı paketiniz gecikti, bu bizim hatamız. \n\nSize yarın yazacağım. Mert",
        "Can Bey, […] numaralı paketiniz gecikti, bu bizim hatamız. […]\nSize […] yazacağım. Elif",
    ],
)
def test_other_names_numbers_and_blanks_make_no_other_text(draft: str) -> None:
    assert is_same_apart_from_variables(draft, parts=PARTS)
    left = words_left(draft, parts=PARTS)
    assert left
    assert all(draft[one.start : one.end] == one.words for one in left)


@pytest.mark.parametrize(
    "draft",
    [
        "",
        "Can Bey, altı gündür bekliyorsunuz; paketiniz depoda kaldı ve bu bizim hatamız. Elif",
        "Can Bey, 4711 numaralı paketiniz gecikti, bu bizim hatamız. "
        + "Paket pazartesi günü yanlış araca yüklenmiş, bugün bulundu ve yola çıktı.\n"
        + "Size 18:00’de yazacağım. Elif",
    ],
)
def test_words_of_ones_own_make_another_text(draft: str) -> None:
    assert not is_same_apart_from_variables(draft, parts=PARTS)


def test_a_point_of_nothing_but_variables_stops_nobody() -> None:
    assert not is_same_apart_from_variables("x", parts=fixed_parts("{author}", gap=GAP))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=20), min_size=1, max_size=6).map(tuple))
def test_any_draft_against_any_point_ends_and_points_into_the_draft(
    draft: str, parts: tuple[str, ...]
) -> None:
    is_same_apart_from_variables(draft, parts=parts)
    for one in words_left(draft, parts=parts):
        assert draft[one.start : one.end] == one.words
