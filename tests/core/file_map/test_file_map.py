"""What columns mean: the map in YAML with its mistakes in their places, the guess, the reading of a row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.file_map.file_map import FileMap, Part
from amends.core.file_map.guess import fold_name, guess_columns, guess_date_formats
from amends.core.file_map.read_row import MappedRow, read_row
from amends.core.file_map.schema import check_header, review_file_map

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SOUND = """kind: import
columns:
  text: Body
  published_at: Created
  id: Ticket
dates: {format: "%d.%m.%Y %H:%M", timezone: Europe/Istanbul}
language: tr
ours: [agent, "1"]
"""


def a_map(**columns: str) -> FileMap:
    named = {"text": "text", "published_at": "when"} | columns
    return FileMap({Part(part): name for part, name in named.items()})


def test_a_sound_map_says_what_it_says_and_comes_back_as_it_was() -> None:
    review = review_file_map(SOUND)
    assert review.problems == ()
    found = review.file_map
    assert found is not None
    assert found.columns[Part.TEXT] == "Body"
    assert (found.zone_name, found.language, found.ours) == (
        "Europe/Istanbul",
        "tr",
        ("agent", "1"),
    )
    assert review_file_map(found.to_yaml()).file_map == found


@pytest.mark.parametrize(
    ("was", "becomes", "place", "said"),
    [
        ("kind: import", "kind: policy", (1, 7), "another kind of file"),
        ("  text: Body\n", "", (3, 3), "text is missing"),
        ("id: Ticket", "ticket: Ticket", (5, 3), "ticket is not known here"),
        ("%d.%m.%Y %H:%M", "%d.%m", (6, 17), "does not name day, month and year"),
        ("%d.%m.%Y %H:%M", "dd.mm.yyyy", (6, 17), "is no form of dates"),
        ("Europe/Istanbul", "Istanbul", (6, 45), "is no time zone"),
        ("language: tr", "language: Turkish", (7, 11), "is no code of a language"),
    ],
)
def test_a_mistake_has_its_line_and_column(
    was: str, becomes: str, place: tuple[int, int], said: str
) -> None:
    review = review_file_map(SOUND.replace(was, becomes))
    assert review.file_map is None
    assert any(
        said in one.message and (int(one.line), one.column) == place for one in review.problems
    ), [(one.line, one.column, one.message) for one in review.problems]


def test_columns_that_the_file_does_not_have_are_named() -> None:
    assert check_header(a_map(id="Nr"), ["text", "when"]) == [(Part.ID, "Nr")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["id", "createdAt", "body"], {"id": "id", "published_at": "createdAt", "text": "body"}),
        (
            ["Tarih", "Yorum", "Kullanıcı Adı"],
            {"published_at": "Tarih", "text": "Yorum", "handle": "Kullanıcı Adı"},
        ),
        (
            ["Tanggal", "Ulasan", "Nomor Pesanan"],
            {"published_at": "Tanggal", "text": "Ulasan", "order": "Nomor Pesanan"},
        ),
        (
            ["Дата создания", "Отзыв", "Клиент"],
            {"published_at": "Дата создания", "text": "Отзыв", "author": "Клиент"},
        ),
        (
            ["Datum", "Bericht", "Klant"],
            {"published_at": "Datum", "text": "Bericht", "author": "Klant"},
        ),
    ],
)
def test_columns_are_guessed_in_five_languages(header: list[str], expected: dict[str, str]) -> None:
    assert {part.value: name for part, name in guess_columns(header).items()} == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026-03-09T10:00:00Z", "2026-03-09"], ["iso"]),
        (["1773136800", "1773136801"], ["unix"]),
        (["1773136800000"], ["unix_ms"]),
        (["25.12.2025 10:00", "01.02.2025 9:30"], ["%d.%m.%Y %H:%M"]),
        (["25/12/2025", ""], ["%d/%m/%Y"]),
        (["03/04/2025"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["yesterday"], []),
        ([], []),
    ],
)
def test_the_form_of_dates_is_guessed_only_where_there_is_one(
    values: list[str], expected: list[str]
) -> None:
    assert guess_date_formats(values) == expected


def test_a_row_is_read_in_the_time_zone_of_the_map() -> None:
    found = review_file_map(SOUND).file_map
    assert found is not None
    row = read_row(
        {"Body": " Kargom yok ", "Created": "09.03.2026 10:00", "Ticket": 7.0},
        file_map=found,
        now=NOW,
    )
    assert isinstance(row, MappedRow)
    assert row.published_at == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    assert (row.text, row.word(Part.ID), row.word(Part.LANGUAGE)) == ("Kargom yok", "7", "tr")


@pytest.mark.parametrize(
    ("values", "column", "said"),
    [
        ({"text": "  ", "when": "2026-03-09"}, "text", "is empty"),
        ({"text": "a", "when": ""}, "when", "is empty"),
        ({"text": "a", "when": "9 March"}, "when", "is not a date"),
        ({"text": "a", "when": "2027-01-01"}, "when", "lies in the future"),
        ({"text": "a", "when": "1066-10-14"}, "when", "lies before 1990"),
        ({"text": ["a"], "when": "2026-03-09"}, "text", "neither a text nor a number"),
        ({"text": "a", "when": "2026-03-09", "url": "javascript:x"}, "url", "is no address"),
        ({"text": "a", "when": "2026-03-09", "n": "many"}, "n", "is not a whole number"),
        ({"text": "a", "when": "2026-03-09", "id": "x" * 300}, "id", "more than 250"),
        ({"text": "a", "when": "2026-03-09", "id": "1", "to": "1"}, "to", "the comment itself"),
    ],
)
def test_what_is_wrong_is_told_beside_its_column(
    values: dict[str, object], column: str, said: str
) -> None:
    file_map = a_map(url="url", followers="n", id="id", parent="to")
    problems = read_row(values, file_map=file_map, now=NOW)
    assert isinstance(problems, list)
    assert [(one.column, said in one.reason) for one in problems] == [(column, True)]


@given(
    st.dictionaries(
        st.sampled_from(["text", "when", "n"]),
        st.none() | st.integers() | st.floats() | st.text() | st.binary(),
    )
)
def test_no_row_breaks_the_reading(values: dict[str, object]) -> None:
    read = read_row(values, file_map=a_map(followers="n"), now=NOW)
    assert isinstance(read, MappedRow) or all(one.reason for one in read)


@given(st.text())
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
