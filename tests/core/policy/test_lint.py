"""What the lint refuses and what it warns of, in each language."""

from __future__ import annotations

import pytest

from amends.core.policy.lint import check_policy
from amends.core.policy.schema import read_shipped_policy
from amends.core.policy.words import LANGUAGES, criticism_words, load_words, vague_words
from tests.core.policy.support import SMALL, errors_of, starting_with, warnings_of


def test_the_starting_policy_passes_without_a_word() -> None:
    assert check_policy(read_shipped_policy(), brand_languages=LANGUAGES).findings == ()
    assert check_policy(SMALL).findings == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["title", "rule", "example", "consequence"])
def test_a_clause_without_rule_example_or_consequence_is_refused_in_every_language(
    language: str, part: str
) -> None:
    (error,) = errors_of(starting_with(language, **{part: ""}))
    assert f".texts.{language}.{part}: clause insults has no {part} in {language}" in error


CRITICISM = {
    "en": "Do not post negative comments or unfair reviews.",
    "tr": "Markamız hakkında olumsuz yorum ve şikâyet yazmayın.",
    "id": "Jangan menulis kritik atau keluhan tentang kami.",
    "ru": "Не пишите негативные отзывы и жалобы.",
    "nl": "Plaats geen negatieve reacties of klachten.",
}
PROTECTED = {
    "en": "Do not insult people. Criticism and complaints are welcome.",
    "tr": "Kimseye hakaret etmeyin. Eleştiri ve şikâyet serbesttir.",
    "id": "Jangan menghina orang. Kritik dan keluhan boleh.",
    "ru": "Не оскорбляйте людей. Критику и жалобы мы никогда не удаляем.",
    "nl": "Beledig niemand. Kritiek en klachten zijn welkom.",
}
FORBIDDEN = {
    "en": "Criticism is not welcome here.",
    "tr": "Eleştiri yasaktır.",
    "id": "Kritik tidak boleh ditulis di sini.",
    "ru": "Критика здесь запрещена.",
    "nl": "Kritiek is hier niet welkom.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_would_make_criticism_removable_is_refused(language: str) -> None:
    for rule in (CRITICISM[language], FORBIDDEN[language]):
        errors = errors_of(starting_with(language, rule=rule))
        assert errors, rule
        assert all("would make criticism removable" in one for one in errors)


CONDITIONAL = {
    "en": "Only constructive criticism is welcome.",
    "tr": "Sadece yapıcı eleştiri serbesttir.",
    "id": "Hanya kritik yang membangun yang boleh.",
    "ru": "Приветствуется только конструктивная критика.",
    "nl": "Alleen opbouwende kritiek is welkom.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_criticism_that_is_welcome_on_a_condition_only_is_refused(language: str) -> None:
    assert errors_of(starting_with(language, rule=CONDITIONAL[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_says_that_criticism_stays_is_fine(language: str) -> None:
    assert errors_of(starting_with(language, rule=PROTECTED[language])) == []


def test_criticism_is_found_in_title_and_consequence_as_well() -> None:
    assert errors_of(starting_with("en", title="Bad reviews"))
    assert errors_of(
        starting_with("en", consequence="First we warn; then 7 days; we hide criticism.")
    )
    assert errors_of(starting_with("en", rule="Do not mention competitors."))
    assert errors_of(starting_with("en", rule="Do not harm our reputation."))


VAGUE = {
    "en": "Nothing inappropriate; we decide as we see fit.",
    "tr": "Uygunsuz söz söylemeyin; takdirimize göre karar veririz.",
    "id": "Jangan menulis hal yang tidak pantas.",
    "ru": "Не пишите ничего неуместного; решаем по нашему усмотрению.",
    "nl": "Plaats niets ongepasts; we beslissen naar eigen inzicht.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_vague_words_are_named(language: str) -> None:
    warnings = warnings_of(starting_with(language, rule=VAGUE[language]))
    assert warnings
    assert all("is vague: say exactly what is meant" in one for one in warnings)
    assert errors_of(starting_with(language, rule=VAGUE[language])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_of_words_is_sound_and_matches_whole_words_only(language: str) -> None:
    assert load_words(language).vague.pattern
    assert vague_words("", language=language) == ()
    assert criticism_words("abcnegativeabc", language="en") == ()
    assert vague_words("inappropriate", language="xx") == ()


def test_big_turkish_letters_are_read_like_small_ones() -> None:
    assert criticism_words("ELEŞTİRİ YAZMAYIN", language="tr")


def test_steps_stand_in_the_order_of_the_ladder_and_begin_with_a_warning() -> None:
    (error,) = errors_of(SMALL.replace(b"[warn, hide, temporary_ban: 7d]", b"[warn, remove, hide]"))
    assert "hide stands after remove" in error
    (error,) = errors_of(SMALL.replace(b"[warn, hide,", b"[hide,"))
    assert "profanity_targeted begins with a warning: put `warn` first" in error
    (error,) = errors_of(SMALL.replace(b"[warn, hide, temporary_ban: 7d]", b"[]"))
    assert "no consequence: name at least one step" in error


def test_a_grave_ground_that_begins_with_a_warning_is_told() -> None:
    source = SMALL.replace(b"profanity_targeted", b"threat")
    assert any("harms people while it stands" in one for one in warnings_of(source))


def test_a_ban_without_length_is_told() -> None:
    (warning,) = warnings_of(SMALL.replace(b"temporary_ban: 7d", b"temporary_ban"))
    assert "a temporary ban without length: write `temporary_ban: 7d`" in warning
    (warning,) = warnings_of(SMALL.replace(b"a ban for 7 days", b"a ban"))
    assert "the words do not say how long the ban lasts: write the number, 7" in warning


def test_missing_times_and_a_missing_way_to_appeal_are_told() -> None:
    without = SMALL.replace(b"appeal: {within: 184d, answer: 14d}\n", b"")
    assert [("no time limit" in one) for one in warnings_of(without)] == [True, True]
    (warning,) = warnings_of(SMALL.replace(b"184d", b"30d"))
    assert "less than six months" in warning
    no_way = SMALL.replace(b"    appeal: Within 6 months, by the link in our message.\n", b"")
    (warning,) = warnings_of(no_way)
    assert "en does not say how to appeal, and until when" in warning


def test_languages_of_the_brand_that_are_missing_are_told() -> None:
    found = check_policy(SMALL, brand_languages=["en", "tr"])
    assert [one.message for one in found.warnings] == [
        "languages: the brand speaks tr and this policy does not: add the language"
    ]
    assert found.is_publishable


def test_a_declared_language_without_words_is_refused() -> None:
    errors = errors_of(SMALL.replace(b"[en]", b"[en, tr]"))
    assert any("no page in tr" in one for one in errors)
    assert sum("in tr" in one for one in errors) == 5


def test_a_policy_that_does_not_say_what_stays_is_refused() -> None:
    (error,) = errors_of(SMALL.replace(b"    never_removed: [Criticism.]\n", b""))
    assert "does not say what is never removed: write it, criticism first" in error


def test_words_that_were_not_translated_are_told() -> None:
    (warning,) = warnings_of(starting_with("nl", rule=_english_rule()))
    assert "the same words as in en: translate them" in warning


def _english_rule() -> str:
    policy = check_policy(read_shipped_policy()).policy
    assert policy is not None
    clause = policy.clause("insults")
    assert clause is not None
    return clause.text("en").rule


def test_a_file_without_clauses_is_refused() -> None:
    head = SMALL[: SMALL.index(b"clauses:")]
    (error,) = errors_of(head + b"clauses: []\n")
    assert "there is no clause" in error


def test_findings_carry_the_line_of_the_part() -> None:
    found = check_policy(SMALL.replace(b"Do not insult a person.", b"No criticism."))
    (error,) = found.errors
    assert error.path == "clauses[0].texts.en.rule"
    assert SMALL.splitlines()[error.line - 1].strip().startswith(b"rule:")
