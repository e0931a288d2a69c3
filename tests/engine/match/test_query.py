"""Queries are read as they are meant, refused with the place and a remedy, and explained part by part."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends_engine.text.match.matcher import Matcher
from amends_engine.text.match.query.errors import SENTENCES, QueryError
from amends_engine.text.match.query.evaluate import Part, Post, Query, Why
from amends_engine.text.match.query.parse import MAX_DEPTH, MAX_PARTS, parse_query
from amends_engine.text.match.query.tokens import MAX_CHARS
from amends_engine.text.match.query.tree import (
    And,
    Field,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    TermRef,
    Word,
    join_all,
    join_any,
    print_query,
)
from amends_engine.text.match.terms import Term, TermKind

MATCHER = Matcher(
    [
        Term("acme", TermKind.BRAND, "Acme"),
        Term("acme-kargo", TermKind.PRODUCT, "Acme Kargo"),
        Term("selin-ortac", TermKind.PERSON, "Selin Ortaç"),
    ]
)


def explain(query: str, text: str, **values: str) -> Part:
    return Query(query, matcher=MATCHER).explain(Post(text, **values))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("acme", Word("acme")),
        ("Acme KARGO", And((Word("acme"), Word("kargo")))),
        ("a1 AND b1 OR c1", Or((And((Word("a1"), Word("b1"))), Word("c1")))),
        ("a1 (b1 OR c1)", And((Word("a1"), Or((Word("b1"), Word("c1")))))),
        ("a1 -b1", And((Word("a1"), Not(Word("b1"))))),
        ("a1 NOT (b1 c1)", And((Word("a1"), Not(And((Word("b1"), Word("c1"))))))),
        ('a1 exclude:"b1 c1"', And((Word("a1"), Not(Phrase(("b1", "c1")))))),
        ("“iade yok”", Phrase(("iade", "yok"))),
        ("iad*", Prefix("iad")),
        ("acme-kargo", Phrase(("acme", "kargo"))),
        ("brand:Acme", TermRef(Field.BRAND, "acme")),
        ('person:"Selin Ortaç"', TermRef(Field.PERSON, "selin ortac")),
        ("a1 near/5 b1", Near(Word("a1"), Word("b1"), 5)),
        ("a1 NEAR/5 (b1 OR c1)", Near(Word("a1"), Or((Word("b1"), Word("c1"))), 5)),
        ("a1 lang:tr", And((Word("a1"), Filter(Field.LANG, "tr")))),
        ("from:@Ayse", Filter(Field.FROM, "ayse")),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("saat 12:30", And((Word("saat"), Phrase(("12", "30"))))),
    ],
)
def test_a_query_is_read_as_it_is_meant(text: str, tree: Node) -> None:
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("  ", "empty", 1),
        ("(acme", "unclosed_parenthesis", 1),
        ("kargo (acme OR (b c", "unclosed_parenthesis", 16),
        ("acme)", "unopened_parenthesis", 5),
        ("acme ()", "empty_group", 6),
        ('acme "kargo', "unclosed_quote", 6),
        ('acme ""', "empty_phrase", 6),
        ("OR acme", "missing_before", 1),
        ("acme OR", "missing_after", 6),
        ("acme OR OR kargo", "missing_after", 6),
        ("acme AND NOT", "missing_after", 10),
        ("acme & kargo", "not_a_word", 6),
        ("acme marka:x", "unknown_field", 6),
        ("acme lang:", "missing_value", 6),
        ("acme lang:xx", "unknown_language", 6),
        ("acme near/99 kargo", "bad_distance", 6),
        ("acme near/ kargo", "bad_distance", 6),
        ("acme near/3 (kargo iade)", "near_operands", 14),
        ("-acme", "only_excludes", 1),
        ("acme OR lang:tr", "only_excludes", 1),
        ("a*", "bad_prefix", 1),
        ("*acme", "bad_prefix", 1),
        ("(" * 30 + "acme" + ")" * 30, "too_deep", MAX_DEPTH + 1),
        ("-" * 30 + "acme", "too_deep", MAX_DEPTH + 1),
        ("x " * (MAX_PARTS + 1), "too_many", 2 * MAX_PARTS + 1),
        ("x" * (MAX_CHARS + 1), "too_long", MAX_CHARS + 1),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, code: str, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.code, caught.value.column) == (code, column)
    assert str(caught.value).startswith(f"Column {column}: ")
    assert "{" not in str(caught.value)


def test_a_name_that_is_not_on_the_list_is_told_with_those_that_are() -> None:
    with pytest.raises(QueryError, match="brand:acme, product:acme-kargo") as caught:
        Query("kargo brand:acne", matcher=MATCHER)
    assert caught.value.column == 7


words = st.text("abcçdeğşıiя01", min_size=2, max_size=8).map(lambda text: parse_words(text))


def parse_words(text: str) -> str:
    """As the parser folds it."""
    tree = parse_query(f'"{text}"')
    assert isinstance(tree, Phrase)
    return tree.words[0]


leaves = st.one_of(
    words.map(Word),
    words.map(Prefix),
    st.lists(words, min_size=1, max_size=3).map(lambda some: Phrase(tuple(some))),
    st.builds(
        TermRef,
        st.sampled_from([Field.BRAND, Field.PRODUCT, Field.PERSON, Field.TERM]),
        st.lists(words, min_size=1, max_size=2).map(" ".join),
    ),
)
filters = st.one_of(
    st.sampled_from(["tr", "nl"]).map(lambda code: Filter(Field.LANG, code)),
    words.map(lambda handle: Filter(Field.FROM, handle)),
)
nears = st.builds(
    Near,
    st.one_of(leaves, st.lists(leaves, min_size=2, max_size=3).map(join_any)),
    leaves,
    st.integers(1, 50),
)
trees = st.recursive(
    st.one_of(leaves, filters, nears, st.builds(Near, nears, leaves, st.integers(1, 9))),
    lambda below: st.one_of(
        below.map(Not),
        st.lists(below, min_size=2, max_size=3).map(join_all),
        st.lists(below, min_size=2, max_size=3).map(join_any),
    ),
    max_leaves=12,
).map(lambda tree: join_all([Word("kargo"), tree]))


@given(trees)
def test_printing_and_reading_again_gives_the_same_query(tree: Node) -> None:
    assert parse_query(print_query(tree)) == tree


@given(st.one_of(st.text(max_size=80), st.text('()"“*-:/ ANDORTnear5acmelang', max_size=60)))
@example("near/²")
@example("from:»x")
@example('from:"a(b"')
def test_any_string_is_read_or_refused_with_a_sentence(text: str) -> None:
    tree = refusal = None
    try:
        tree = parse_query(text)
    except QueryError as error:
        refusal = error
    if refusal is not None:
        assert refusal.code in SENTENCES
        assert 1 <= refusal.column <= len(text) + 1
    elif tree is not None:
        assert parse_query(print_query(tree)) == tree


@given(trees, st.text(max_size=120))
def test_explaining_never_fails_and_its_spans_lie_in_the_text(tree: Node, text: str) -> None:
    def check(part: Part) -> None:
        for span in part.spans:
            assert 0 <= span.start < span.end <= len(text)
        for below in part.parts:
            check(below)

    with suppress(QueryError):  # a name that is not on the list
        check(Query(print_query(tree), matcher=MATCHER).explain(Post(text)))


@pytest.mark.parametrize(
    ("query", "text", "is_met"),
    [
        ("", "Acmee kargo rezalet", True),
        ("", "kargo rezalet", False),
        ("brand:any kargo", "acme'nin kargosu", True),
        ("brand:any", "Selin Ortaç", False),
        ("person:any", "Selin Ortaç", True),
        ("term:any", "Selin Ortaç", True),
        ("product:acme-kargo", "acme kargoyu beklerim", True),
        ('product:"Acme Kargo"', "acme kargo", True),
        ("brand:acme -kampanya", "acme kampanyası", False),
        ("brand:acme -kampanya", "acme kargosu", True),
        ('"kargo yok"', "kargo yok", True),
        ('"kargo yok"', "kargom yok", False),
        ("kargo yok", "kargom yok", True),
        ("ka*", "kargom", True),
        ("acme near/1 rezalet", "acme çok rezalet", True),
        ("acme near/1 rezalet", "rezalet bir acme", True),
        ("acme near/1 rezalet", "acme gerçekten çok rezalet", False),
        ("brand:acme near/2 (iade OR kargo)", "Acmee'den kargo", True),
        ("(acme near/1 kargo) near/1 yok", "acme bir kargo da yok", True),
        ("NOT (iade OR kargo) acme", "acme nerede", True),
        ("kitap", "kitabı", True),
        ("su", "suyu", False),  # short words are taken as they stand
    ],
)
def test_a_query_holds_or_does_not(query: str, text: str, is_met: bool) -> None:
    assert explain(query, text).is_met == is_met


def test_what_is_known_of_the_post_may_be_asked_for() -> None:
    assert explain("acme lang:tr", "acme", language="tr-TR").is_met
    assert not explain("acme lang:tr", "acme", language="nl").is_met
    assert explain("acme from:ayse", "acme", author="@Ayse").is_met
    assert explain("acme channel:sandbox", "acme", channel="sandbox").is_met
    assert not explain("acme channel:sandbox", "acme", channel="bluesky").is_met


def test_a_post_that_does_not_say_its_language_is_not_kept_out() -> None:
    part = explain("acme lang:tr", "acme")
    assert part.is_met
    assert part.parts[1].why is Why.UNKNOWN


def test_every_part_says_why_and_where() -> None:
    text = "Acmee kargo rezalet"
    part = explain("brand:acme kargo -iade", text)
    assert [(one.query, one.is_met, one.why) for one in part.parts] == [
        ("brand:acme", True, Why.FOUND),
        ("kargo", True, Why.FOUND),
        ("NOT iade", True, Why.ABSENT),
    ]
    assert [text[span.start : span.end] for span in part.evidence] == ["Acmee", "kargo"]


def test_parts_too_far_apart_say_how_far() -> None:
    part = explain("acme near/1 rezalet", "acme kargo işi tam rezalet")
    assert (part.why, part.gap) == (Why.TOO_FAR, 3)


def test_the_largest_query_on_the_largest_text_ends_soon() -> None:
    query = " OR ".join(f"w{n}* near/5 (acme OR kargo)" for n in range(33))
    text = "acme kargo " + " ".join(f"w{n}" for n in range(6000))
    started = time.process_time()
    explain(query, text)
    assert time.process_time() - started < 5
