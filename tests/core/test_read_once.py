"""A read that many parts of a page share: asked once inside the block, and anew outside it."""

from __future__ import annotations

import threading

from amends.core.read_once import read_once, reading_once


class Shelf:
    """Counts how often somebody looked."""

    def __init__(self) -> None:
        self.looks = 0


@read_once
def look(shelf: Shelf, *, row: int = 0) -> int:
    shelf.looks += 1
    return shelf.looks * 10 + row


def test_outside_the_block_every_question_is_asked() -> None:
    shelf = Shelf()
    assert [look(shelf), look(shelf)] == [10, 20]


def test_inside_the_block_the_same_question_is_asked_once() -> None:
    shelf, other = Shelf(), Shelf()
    with reading_once():
        assert [look(shelf), look(shelf), look(shelf, row=1), look(shelf, row=1)] == [
            10,
            10,
            21,
            21,
        ]
        assert look(other) == 10
    assert (shelf.looks, other.looks) == (2, 1)


def test_an_answer_of_nothing_is_an_answer() -> None:
    asked = []

    @read_once
    def find(name: str) -> None:
        asked.append(name)

    with reading_once():
        assert find("a") is None
        assert find("a") is None
    assert asked == ["a"]


def test_nothing_is_remembered_after_the_block_even_if_it_failed() -> None:
    shelf = Shelf()
    try:
        with reading_once():
            look(shelf)
            raise ValueError
    except ValueError:
        pass
    assert look(shelf) == 20


def test_a_block_within_a_block_shares_its_answers() -> None:
    shelf = Shelf()
    with reading_once():
        look(shelf)
        with reading_once():
            look(shelf)
        look(shelf)
    assert shelf.looks == 1


def test_another_thread_reads_for_itself() -> None:
    shelf = Shelf()
    with reading_once():
        look(shelf)
        other = threading.Thread(target=look, args=(shelf,))
        other.start()
        other.join()
    assert shelf.looks == 2
