"""A suggestion takes the place of the words that it mends, and leaves gaps where only the writer knows."""

from __future__ import annotations

import pytest

from amends.replies.mend import GAP, Edit, has_gap, mend
from amends_engine.lint.context import parse_context
from amends_engine.lint.lint import lint_reply, read_draft

CONTEXT = parse_context({"public": True, "required": ["TIME"], "severity": "high"})


def mended(text: str, reason: str, *, lang: str) -> str:
    """The text after the suggestion for the first finding of this kind was taken."""
    found = next(
        one for one in lint_reply(text, context=CONTEXT, lang=lang).findings if one.reason == reason
    )
    draft = read_draft(text, comment="", context=CONTEXT, lang=lang)
    edit = mend(found, text=text, sentences=tuple((s.start, s.end) for s in draft.reply.sentences))
    assert edit is not None
    return text[: edit.start] + edit.text + text[edit.end :]


@pytest.mark.parametrize(
    ("lang", "text", "kept"),
    [
        ("en", "The kettle leaks, we saw it. We will reply as soon as possible.", "The kettle leaks"),
        ("tr", "Kargonuz gecikti. En kısa sürede size yazacağız.", "Kargonuz gecikti."),
        ("id", "Paketnya terlambat. Akan segera kami proses ya.", "Paketnya terlambat."),
        ("ru", "Посылка задержалась. Решим в ближайшее время.", "Посылка задержалась."),
        ("nl", "Je pakket is te laat. We pakken dit zo snel mogelijk op.", "Je pakket is te laat."),
    ],
)  # fmt: skip
def test_soon_becomes_a_time_whose_figures_the_writer_fills_in(
    lang: str, text: str, kept: str
) -> None:
    after = mended(text, "Q04.soon", lang=lang)
    assert kept in after
    assert has_gap(after)
    assert not any(sign.isdigit() for sign in after)


def test_a_non_apology_gives_way_as_a_whole_sentence() -> None:
    text = "Hello Ayşe. We are sorry if you feel that way. I will write to you today by 17:00."
    after = mended(text, "Q03", lang="en")
    assert after.startswith("Hello Ayşe. I'm sorry that we […].")
    assert after.endswith("I will write to you today by 17:00.")


def test_an_emoji_where_the_matter_is_grave_is_taken_out_with_its_blank() -> None:
    assert mended("We are checking the burn 🙂.", "Q25", lang="en") == "We are checking the burn."


def test_what_only_the_writer_can_know_is_not_inserted() -> None:
    found = next(
        one
        for one in lint_reply("Thanks.", comment="The lamp is broken", lang="en").findings
        if one.reason == "Q01"
    )
    assert mend(found, text="Thanks.", sentences=((0, 7),)) is None


def test_a_text_with_a_gap_knows_it() -> None:
    assert has_gap(f"by {GAP} today")
    assert not has_gap("wait … and see [sic]")
    assert Edit(0, 0, GAP).text == "[…]"
