"""A composed draft says the parts in order, is about the matter, and passes the linter when filled in."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.compose.compose import ORDER, SPECIFIC, Facts, compose_draft, find_topic
from amends_engine.compose.starters import OTHER, UnknownLanguage, languages, load_starters
from amends_engine.lint.context import parse_context
from amends_engine.lint.lint import lint_reply

GAP = "[…]"
COMMENTS = {
    "en": "My parcel was due on Monday and it is still not here, nobody answers the phone!",
    "tr": "Kargom pazartesi gelecekti, hâlâ gelmedi, telefona da kimse bakmıyor!",
    "id": "Paket saya harusnya sampai Senin, sampai sekarang belum ada, CS juga tidak menjawab!",
    "ru": "Посылка должна была прийти в понедельник, её до сих пор нет, и трубку никто не берёт!",
    "nl": "Mijn pakket zou maandag komen en is er nog steeds niet, niemand neemt de telefoon op!",
}
FILLING = {
    "en": ["Monday", "the van broke down on the way", "we send a new parcel today"],
    "tr": ["pazartesi", "araç yolda arızalandı", "bugün yeni bir paket gönderiyoruz"],
    "id": ["Senin", "mobil kurir mogok di jalan", "kami kirim paket baru hari ini"],
    "ru": ["понедельнику", "машина сломалась по дороге", "сегодня отправляем новую посылку"],
    "nl": ["maandag", "de bus onderweg stilviel", "we sturen vandaag een nieuw pakket"],
}
NAMES = {"en": "Ada", "tr": "Selin", "id": "Rani", "ru": "Ира", "nl": "Bart"}
ADDRESS = {"en": None, "tr": "siz", "id": "kak", "ru": "vy", "nl": "je"}


def facts(language: str, *components: str, **more: object) -> Facts:
    said = {"author": "Alex", "name": NAMES[language], "time": "17:00", "fault_share": 100} | more
    return Facts(
        comment=COMMENTS[language],
        language=language,
        components=components,
        address=ADDRESS[language] or "",
        **said,  # type: ignore[arg-type]
    )


def test_five_languages_have_the_same_parts_and_topics() -> None:
    assert languages() == ("en", "id", "nl", "ru", "tr")
    for code in languages():
        starters = load_starters(code)
        assert set(starters.acknowledge) == {*SPECIFIC, OTHER}
        assert set(starters.parts) == {*ORDER, "TIME_OPEN"}
        for wordings in (*starters.acknowledge.values(), *starters.parts.values()):
            assert len(set(wordings)) >= 2


@pytest.mark.parametrize("language", COMMENTS)
def test_s2_38_the_apology_comes_before_the_repair(language: str) -> None:
    draft = compose_draft(facts(language, "ACK", "REG", "RESP", "FIX", "TIME"))
    starters = load_starters(language)
    places = [
        min(draft.index(head) for one in starters.parts[part] if (head := stem(one)) in draft)
        for part in ("REG", "RESP", "FIX")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("language", COMMENTS)
def test_the_draft_is_about_the_matter(language: str) -> None:
    assert find_topic(COMMENTS[language], language=language) == "delivery"


def test_what_says_more_about_the_matter_goes_first() -> None:
    assert find_topic("The parcel came crushed, the lid is cracked", language="en") == "damage"
    assert find_topic("Are you open on Sunday", language="en") == OTHER


@pytest.mark.parametrize("language", COMMENTS)
def test_c5_without_fault_nothing_is_admitted(language: str) -> None:
    draft = compose_draft(facts(language, "ACK", "EMP", "RESP", "HELP", fault_share=0))
    admissions = [stem(one) for one in load_starters(language).parts["RESP"]]
    assert not any(one in draft for one in admissions)


@pytest.mark.parametrize("language", COMMENTS)
def test_s0_31_a_small_share_of_the_fault_is_owned_as_a_part(language: str) -> None:
    draft = compose_draft(facts(language, "ACK", "REG", "RESP", "FIX", fault_share=10))
    assert any(stem(one) in draft for one in load_starters(language).parts["RESP_PART"])


@pytest.mark.parametrize(
    ("language", "seed"), list(itertools.product(COMMENTS, ["C-1", "C-2", "C-7"]))
)
def test_filled_in_it_passes_the_linter(language: str, seed: str) -> None:
    draft = compose_draft(facts(language, "ACK", "REG", "RESP", "EXP", "FIX", "TIME", seed=seed))
    reply = fill(draft, language=language)
    found = lint_reply(reply, comment=COMMENTS[language], context=context(language, reply))
    assert [one for one in found.findings if one.level == "block"] == [], reply


@pytest.mark.parametrize("language", COMMENTS)
def test_k37_a_second_draft_differs_from_the_first(language: str) -> None:
    asked = ("ACK", "REG", "RESP", "EXP", "FIX", "TIME")
    first = compose_draft(facts(language, *asked))
    second = compose_draft(facts(language, *asked, recent=[first]))
    assert first != second


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(UnknownLanguage):
        compose_draft(Facts(comment="?", language="eo", components=("ACK",)))


@given(
    st.sampled_from(sorted(COMMENTS)),
    st.lists(st.sampled_from(["ACK", *ORDER]), unique=True),
    st.none() | st.integers(0, 100),
    st.text(max_size=60),
)
def test_any_parts_give_a_draft_without_open_slots(
    language: str, components: list[str], share: int | None, seed: str
) -> None:
    asked = [one for one in components if one != "RESP_PART"]
    draft = compose_draft(facts(language, *asked, fault_share=share, seed=seed))
    assert "{" not in draft
    assert "}" not in draft
    assert compose_draft(facts(language, *asked, fault_share=share, seed=seed)) == draft


def stem(wording: str) -> str:
    """The part of a wording before its first gap or slot."""
    return re.split(r"\[|\{", wording)[0].strip()


def fill(draft: str, *, language: str) -> str:
    fillings = itertools.cycle(FILLING[language])
    return re.sub(re.escape(GAP), lambda _gap: next(fillings), draft)


def context(language: str, reply: str) -> object:
    return parse_context(
        {
            "fault_share": 100,
            "severity": "medium",
            "category": "business_error",
            "public": True,
            "address": ADDRESS[language],
            "required": ["ACK", "REG", "RESP", "FIX", "TIME"],
            "case_state": "open",
            "signatures": [NAMES[language]],
            "now": "2026-03-10T12:00",
            "promises": [
                {"text": reply, "owner": NAMES[language], "due": "2026-03-10T17:00"},
            ],
        }
    )
