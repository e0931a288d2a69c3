"""What the screen remembers of words changes no answer, and its features are those of training."""

from __future__ import annotations

import numpy as np
import pytest

from amends_engine.text.normalise import normalise_text
from amends_engine.triage.features import WORD, FeatureShape, hash_pairs, hash_words
from amends_engine.triage.heads import Heads, Table, pack_table, read_table, write_table
from amends_engine.triage.memory import NO_WORD, WordMemory

SHAPE = FeatureShape(word_bits=10, pair_bits=9)
WORDS = ["kargom", "gelmedi", "!!", "очень", "👍🏽", "x" * 32, "a"]


def random_table(columns: int, *, seed: int) -> Table:
    weights = np.random.default_rng(seed).normal(size=(SHAPE.word_size, columns))
    return pack_table(weights, levels=31, least=0.1)


@pytest.fixture
def memory() -> WordMemory:
    heads = [
        Heads(
            words=random_table(3, seed=seed),
            pairs=None,
            sources=np.empty(0, dtype=np.int64),
            mix=np.empty((0, 3), dtype=np.float32),
            biases=np.zeros(3, dtype=np.float32),
        )
        for seed in (1, 2)
    ]
    return WordMemory(shape=SHAPE, language=random_table(4, seed=3), heads=heads)


def test_words_of_a_batch_are_hashed_as_alone() -> None:
    together = hash_words(WORDS, shape=SHAPE)
    ends = np.append(together.starts[1:], len(together.buckets))
    for at, word in enumerate(WORDS):
        alone = hash_words([word], shape=SHAPE)
        assert together.buckets[together.starts[at] : ends[at]].tolist() == alone.buckets.tolist()
        assert together.hashes[at] == alone.hashes[0]


def test_numbers_are_one_and_the_same() -> None:
    found = hash_words(["48291", "13377"], shape=SHAPE)
    assert found.hashes[0] == found.hashes[1]


def test_pairs_know_their_order() -> None:
    hashes = hash_words(["not", "good"], shape=SHAPE).hashes
    assert hash_pairs(hashes, shape=SHAPE) != hash_pairs(hashes[::-1], shape=SHAPE)


def test_marks_and_placeholders_are_words_too() -> None:
    text = normalise_text("Kargom gelmedi!!! https://example.com @ayse 👍 ok:(").text
    assert WORD.findall(text) == ["kargom", "gelmedi", "!!", "⟨url⟩", "⟨@⟩", "👍", "ok", ":("]


def test_a_table_survives_being_stored() -> None:
    table = random_table(3, seed=5)
    stored = read_table(write_table(table, "one"), "one")
    assert (stored.places == table.places).all()
    assert (stored.rows == table.rows).all()


def test_a_remembered_word_says_what_it_said_before(memory: WordMemory) -> None:
    ids = memory.number_words(["a", *WORDS, "a"])
    assert ids[0] == ids[-1]
    places = memory.place_fields(ids, np.array([0, *[1] * len(WORDS), 0]))
    before = memory.fields[places].copy(), memory.languages[ids].copy()
    memory.number_words([f"word{number}" for number in range(3000)])
    again = memory.number_words(["a", *WORDS, "a"])
    places = memory.place_fields(again, np.array([0, *[1] * len(WORDS), 0]))
    assert (memory.fields[places] == before[0]).all()
    assert (memory.languages[again] == before[1]).all()
    assert (before[0][0] != before[0][-2]).any()  # "a" in one language and in the other


def test_too_many_words_are_forgotten(memory: WordMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends_engine.triage.memory.MOST_WORDS", 3)
    ids = memory.number_words(WORDS)
    first = memory.languages[ids].copy()
    memory.make_room()
    assert memory.number_words([NO_WORD]).tolist() == [0]
    assert len(memory.sizes) < len(WORDS)
    ids = memory.number_words(WORDS)
    assert (memory.languages[ids] == first).all()
