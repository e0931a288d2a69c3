"""What the author is told: every field, in their language, through the approval of any reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors.kit.length import count_length
from amends.measures.models import AppealLink, Measure
from amends.measures.statement import (
    LINK,
    TOLD,
    StatementForm,
    draft_statement,
    is_complete,
    suggest_facts,
    text_by_hand,
    word_statement,
)
from amends.measures.statement_texts import TEXTS
from amends.replies.lint import lint_draft
from amends.replies.models import Reply, ReplyPurpose
from tests.support.measures import HATE, INSULT, MIXED, SPAM, Bench

AT = datetime(2026, 5, 3, 14, 0, tzinfo=UTC)
RULES = {
    "en": "Respect",
    "tr": "Saygı",
    "id": "Saling menghormati",
    "ru": "Уважение",
    "nl": "Respect",
}
URL = "https://desk.lumbara.example/appeal/" + "x" * 22 + "/"


def worded(code: str, kind: str, ground: str) -> str:
    facts = suggest_facts(ground, language=code)
    until = AT + timedelta(days=7) if kind == "temporary_ban" else None
    return word_statement(
        kind, facts=facts, rule=RULES[code], language=code, written_at=AT, until=until
    )


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_statement_is_complete_in_every_language(code: str) -> None:
    """Q26, R9: what, when, why, how long, by whom, how to object."""
    for kind in TOLD:
        for ground in TEXTS[code].facts:
            text = worded(code, kind, ground)
            assert LINK in text
            assert is_complete(text, language=code), (kind, ground, text)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_the_text_fits_where_comments_are_short(code: str) -> None:
    for kind in TOLD:
        for ground in TEXTS[code].facts:
            text = worded(code, kind, ground).replace(LINK, URL)
            length = count_length(text, unit="graphemes")
            assert length <= 300, (length, text)


def test_an_incomplete_text_is_found_out() -> None:
    assert not is_complete("We hid your comment.", language="en")


def test_the_statement_is_made_with_the_measure_and_lies_as_a_draft(
    bench: Bench, rude_case: Case
) -> None:
    """S0.13, S3.29: be transparent; delete and tell the user."""
    bench.triage(rude_case)
    measure = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    statement = measure.statement
    assert (statement.action, statement.clause_title, statement.automated_decision) == (
        "hide",
        "Hate",
        False,
    )
    assert statement.territory
    assert statement.own_initiative
    reply = Reply.objects.get()
    assert statement.reply == reply
    assert reply.purpose == ReplyPurpose.STATEMENT
    assert "/appeal/" in reply.text
    assert AppealLink.objects.get().expires_at > bench.now + timedelta(days=180)


def test_the_draft_of_a_statement_is_not_stopped_by_the_linter(
    bench: Bench, rude_case: Case
) -> None:
    bench.triage(rude_case)
    bench.ask(rude_case, "hide", "filthy idiot", HATE)
    reply = Reply.objects.get()
    assert lint_draft(reply, now=bench.now).blocking == ()


def test_only_the_facts_can_be_worded_and_they_must_leave_it_whole(
    bench: Bench, rude_case: Case
) -> None:
    form = StatementForm(facts="it insults our customers as a group", own_initiative=False)
    measure = bench.ask(rude_case, "hide", "filthy idiot", HATE, statement=form)
    assert "it insults our customers as a group" in measure.statement.text
    assert not measure.statement.own_initiative
    for bad in ("x" * 301, "{link}"):
        with pytest.raises(NotPossible):
            bench.ask(rude_case, "delete", "filthy", HATE, statement=StatementForm(bad))


def test_without_a_triage_the_statement_waits_and_becomes_a_reply_later(
    bench: Bench, rude_case: Case, agent: User
) -> None:
    measure = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    assert measure.statement.reply is None
    bench.triage(rude_case)
    statement = Measure.objects.get(pk=measure.pk).statement
    draft_statement(statement, by=agent, now=bench.now)
    assert Reply.objects.get().purpose == ReplyPurpose.STATEMENT
    with pytest.raises(NotPossible):
        draft_statement(statement, by=agent, now=bench.now)


def test_an_answer_that_is_being_written_is_left_alone(
    bench: Bench, make_case: Callable[..., Case], colleagues: object
) -> None:
    case = make_case("My parcel is lost, you filthy idiots!")
    bench.triage(case, MIXED)
    colleagues.draft(case, "We look into it.")  # type: ignore[attr-defined]
    measure = bench.ask(case, "warn", "filthy idiots", INSULT)
    assert Reply.objects.get().text == "We look into it."
    assert measure.statement.reply is None
    text = text_by_hand(measure.statement, by=bench.actor, now=bench.now)
    assert "/appeal/" in text


def test_bulk_advertising_and_reports_get_no_statement(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    case = make_case("Buy cheap watches")
    for kind in ("delete", "report"):
        measure = bench.ask(case, kind, "Buy cheap", SPAM, is_bulk=True)
        assert not hasattr(measure, "statement")
