"""What stands around the words: the order, the topic, the author's name, and fights that go on (K38)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from amends.cases.decide import gather_inputs
from amends.cases.gather_signs import TOPICS, matter_facts
from amends.cases.models import Case, Fight
from amends.cases.root_causes import Cause
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.core.playbook.derived import is_off_topic_fight
from amends.inbox.models import Author, ChannelAccount, Comment, OrderLink
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from tests.cases.test_find_fight import FIGHT
from tests.support.desk import FORM

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def facts_of(case: Case) -> dict[str, Any]:
    return gather_inputs(Case.objects.get(pk=case.pk), verdict=None).to_json()


def test_the_order_stands_where_our_own_system_says(make_case: MakeCase) -> None:
    case = make_case()
    assert "order_state" not in facts_of(case)
    link = OrderLink.objects.create(comment=case.comment, reference="LB-1")
    assert "order_state" not in facts_of(case)
    OrderLink.objects.filter(pk=link.pk).update(state="sent")
    assert facts_of(case)["order_state"] == "sent"


def test_orders_that_stand_differently_tell_nothing(make_case: MakeCase) -> None:
    case = make_case()
    OrderLink.objects.create(comment=case.comment, reference="LB-1", state="sent")
    other = OrderLink.objects.create(comment=case.comment, reference="LB-2", state="delivered")
    assert "order_state" not in facts_of(case)
    OrderLink.objects.filter(pk=other.pk).update(state="")
    assert "order_state" not in facts_of(case)


def test_the_topic_is_what_a_person_named_as_the_root_cause(
    make_case: MakeCase, colleagues: Any
) -> None:
    case = make_case()
    assert "topic" not in facts_of(case)
    colleagues.triage(case, replace(FORM, root_cause="lost"))
    assert facts_of(case)["topic"] == "delivery_lost"


def test_a_root_cause_that_leaves_doubt_names_no_topic() -> None:
    assert not {Cause.PRICE.value, Cause.REFUND.value, Cause.TERMS.value} & TOPICS.keys()
    assert matter_facts(None) == {}


def test_that_data_got_out_is_a_root_cause_that_the_playbook_hears(
    make_case: MakeCase, colleagues: Any
) -> None:
    """D20: held, by the lead and counsel, at once."""
    case = make_case()
    assert "data_breach" not in facts_of(case)
    colleagues.triage(case, replace(FORM, root_cause="data_leak"))
    assert facts_of(case)["data_breach"] is True
    decision = case.decisions.latest("pk")
    assert (decision.rule_id, decision.priority, decision.approval) == ("D20", "P1", "A3")


def test_who_bears_our_name_is_signalled(make_case: MakeCase) -> None:
    case = make_case("Write to us in private!")
    assert "impersonates_us" not in facts_of(case)
    Author.objects.filter(pk=case.author_id).update(display_name=f"{case.brand.name} Support")
    assert facts_of(case)["impersonates_us"] is True


def test_our_own_account_pretends_nothing(make_case: MakeCase) -> None:
    case = make_case()
    Author.objects.filter(pk=case.author_id).update(display_name=case.brand.name)
    author = Author.objects.get(pk=case.author_id)
    ChannelAccount.objects.filter(pk=case.comment.account_id).update(
        kind=author.kind, host=author.host, external_id=author.external_id
    )
    assert "impersonates_us" not in facts_of(case)


def test_whoever_complains_is_heard_whatever_the_name(make_case: MakeCase, colleagues: Any) -> None:
    """The signal gives way to what a person says: no complaint goes under as a pretender's."""
    case = make_case()
    Author.objects.filter(pk=case.author_id).update(display_name=case.brand.name)
    colleagues.triage(case, replace(FORM, is_complaint=True))
    assert "impersonates_us" not in facts_of(case)


@pytest.fixture
def say(make_comment: Callable[..., Comment], desk: Desk, clock: ScriptedClock) -> Any:
    """Adds turns to one thread, each in answer to the one before."""
    desk.classifier = lambda: None
    people = {"a": InboundAuthor("a-1", "ayse", "Ayşe"), "b": InboundAuthor("a-2", "can", "Can")}
    said = {"count": 0}

    def write(*turns: tuple[str, str]) -> None:
        for author, text in turns:
            number = said["count"] = said["count"] + 1
            clock.advance(timedelta(minutes=1))
            make_comment(
                text,
                external_id=f"s-{number}",
                thread_external_id="s-1",
                parent_external_id=f"s-{number - 1}" if number > 1 else "",
                author=people[author],
                at=clock.now(),
            )
            run_until_idle(desk)

    return write


QUARREL = [(one.author, one.text) for one in FIGHT]


def test_s2_31_a_fight_that_goes_on_after_our_note_is_heard(say: Any, clock: ScriptedClock) -> None:
    say(*QUARREL)
    fight = Fight.objects.get()
    assert facts_of(fight.case)["moderator_noted"] is False
    assert facts_of(fight.case)["topic_drift"] is True
    clock.advance(timedelta(minutes=1))
    Case.objects.filter(pk=fight.case_id).update(first_replied_at=clock.now())
    facts = facts_of(fight.case)
    assert facts["moderator_noted"] is True
    assert "thread_turns" not in facts  # nothing was written since
    say(*QUARREL[1:], *QUARREL[1:])
    facts = facts_of(fight.case)
    assert (facts["thread_authors"], facts["topic_drift"], facts["thread_heated"]) == (
        2,
        True,
        True,
    )
    assert facts["thread_turns"] >= 4
    assert fight.case.decisions.latest("pk").rule_id == "G9-again"


def test_a_fight_is_told_to_one_case_of_the_thread(say: Any) -> None:
    say(*QUARREL)
    fight = Fight.objects.get()
    other = Case.objects.exclude(pk=fight.case_id).get()
    assert "thread_turns" not in facts_of(other)
    assert "topic_drift" not in facts_of(other)


def test_a_calm_talk_off_the_subject_is_no_fight(say: Any) -> None:
    say(*[(who, text.replace("!", "").replace("?", "").lower()) for who, text in QUARREL])
    assert not Fight.objects.exists()
    case = Case.objects.order_by("number").last()
    assert case is not None
    facts = gather_inputs(case, verdict=None)
    assert facts.thread_heated is False
    assert facts.off_topic_fight is False


def test_a_complaint_in_a_heated_thread_has_not_drifted(say: Any) -> None:
    """Criticism never goes under: who speaks of the matter is answered, whatever is fought about."""
    say(*QUARREL[:4], ("a", "MY PARCEL HAS BEEN MISSING FOR SIX DAYS!!"))
    for case in Case.objects.filter(author__handle="ayse"):
        assert facts_of(case).get("topic_drift") is not True


def test_nothing_of_a_thread_is_told_to_a_restricted_case(say: Any) -> None:
    say(*QUARREL)
    Case.objects.update(lane="threat")
    for case in Case.objects.all():
        assert not {"thread_turns", "thread_authors", "topic_drift"} & facts_of(case).keys()


@pytest.mark.parametrize(("is_heated", "fights"), [(True, True), (False, False), (None, True)])
def test_a_talk_that_is_known_to_be_calm_is_no_fight(is_heated: bool | None, fights: bool) -> None:
    assert is_off_topic_fight(authors=2, turns=4, has_drifted=True, is_heated=is_heated) is fights
