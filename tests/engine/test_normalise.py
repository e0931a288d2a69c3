"""Normalisation folds what people vary, and can always say where a character stood."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.normalise import MAX_CHARS, normalise_text


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("IŞIK İstanbul", "işik istanbul"),
        ("ışık istanbul", "işik istanbul"),
        ("çoooook!!!!!", "çook!!"),
        ("Ёлка", "елка"),
        ("e\u0301", "é"),
        ("𝗖𝗮𝘀𝗶𝗻𝗼 ｂｏｎｕｓ", "casino bonus"),
        ("bak https://example.com/a?b=c", "bak ⟨url⟩"),
        ("@somebody hello", "⟨@⟩ hello"),
        ("a@example.com", "a@example.com"),
        ("so\u00adft zero\u200bwidth", "soft zerowidth"),
        ("tab\t\n\nline", "tab line"),
        ("05551112233", "05551112233"),
        ("ᴄᴀsɪɴᴏ 🅱🅾🄽🅄ⓢ", "casino bonus"),
        ("Саsinо", "casino"),
        ("кaзинo", "казино"),
        ("ПИДOР", "пидор"),
        ("z̸̢͎a̷̛l̵g̶o̴", "zalgo"),
        ("i\u0307stanbul", "istanbul"),
        ("\u202ebonus\u202c", "bonus"),
        ("b\u2066o\u2069n\u034fu\u061cs", "bonus"),
        ("free\U000e0041spins", "freespins"),
        ("😡😡 kötü 👍🏽", "😡😡 kötü 👍🏽"),
    ],
)
def test_spellings_of_the_same_become_the_same(given_text: str, folded: str) -> None:
    assert normalise_text(given_text).text == folded


@pytest.mark.parametrize(
    "text",
    [
        "barang2 bagus, 2x lebih murah",
        "sim-карта и wi-fi",
        "vkшный стиль",
        "№ 5, 20 ℃, ½ kg ™",
        "αβγ и kg",
        "cok guzel kargom gelmedi",
        "één café naïve façade",
        "ℹ 5⃣ 🇹🇷",
        "مرحبا بكم",
        "नमस्ते",
        "हिन्दी और עִבְרִית",
    ],
)
def test_ordinary_text_keeps_its_form(text: str) -> None:
    assert normalise_text(text).text == text


HOSTILE = st.sampled_from(
    ["\u0301", "\u0336", "\u202e", "\u2066", "\u200b", "\u034f", "\u20dd", "\U000e0061", "İ", "ß", "ﬁ",
     "а", "a", "o", "о", "𝗮", "ａ", "🅰", "😀", "\u1e9e", "\u0345", "@x", "http://x", "!!!", " ", "\n"]
)  # fmt: skip


@given(st.lists(HOSTILE, max_size=80).map("".join))
def test_hostile_text_keeps_its_offsets(text: str) -> None:
    normalised = normalise_text(text)
    previous_start = previous_end = 0
    for start, end in zip(normalised.starts, normalised.ends, strict=True):
        assert previous_start <= start < end <= len(text)
        assert previous_end <= end
        previous_start, previous_end = start, end


@given(st.lists(HOSTILE, max_size=60).map("".join))
def test_normalising_again_changes_nothing_but_placeholders(text: str) -> None:
    once = normalise_text(text).text
    assert all(not 0x300 <= ord(char) <= 0x36F for char in once)
    assert "\u202e" not in once


@given(st.text(alphabet=st.characters(), max_size=200))
def test_every_character_points_into_the_text_as_given(text: str) -> None:
    normalised = normalise_text(text)
    assert len(normalised.starts) == len(normalised.ends) == len(normalised.text)
    previous = 0
    for start, end in zip(normalised.starts, normalised.ends, strict=True):
        assert previous <= start < end <= len(text)
        previous = start


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyz 123", max_size=60))
def test_turkish_capitals_make_no_difference(text: str) -> None:
    capitals = text.replace("i", "İ").replace("ı", "I").upper()
    assert normalise_text(capitals).text == normalise_text(text).text


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "\u20dd",
        "\u202e",
        "aа",
        "аa\u0301",
        "\U000e0061",
        "\u0301",
        "\u0301\u0323",
        "@",
        "http://",
        "!",
        "\u05b0\u05a5",
    ],
)
def test_cost_is_bounded_for_a_megabyte_of_anything(piece: str) -> None:
    began = time.monotonic()
    normalised = normalise_text("x" + piece * (1_000_000 // len(piece)))
    assert time.monotonic() - began < 2
    assert len(normalised.text) <= MAX_CHARS
