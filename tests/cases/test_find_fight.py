"""Fights among commenters (K38): S2.31, S2.32, S4.3, S4.9. Four honest signs, one note, never two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.decide import latest_decision
from amends.cases.find_fight import Turn, find_fight
from amends.cases.models import Case, Fight
from amends.cases.transitions import NotPossible
from amends.cases.watch_thread import mark_fight, thread_state
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle

MATTER = "New lamps are here, and each parcel leaves the warehouse the same day."
FIGHT = (
    Turn("a", "us", "My parcel has been missing for six days"),
    Turn("b", "a", "You people whine about everything!!"),
    Turn("a", "b", "Who asked you?!"),
    Turn("b", "a", "LEARN TO READ FIRST"),
    Turn("a", "b", "Go and bother your own family!!"),
)


def test_people_who_leave_the_matter_and_go_at_each_other_fight() -> None:
    signs = find_fight(FIGHT, matter=MATTER)
    assert signs is not None
    assert (signs.authors, signs.turns, signs.on_matter) == (2, 4, 0)


@pytest.mark.parametrize(
    "texts",
    [
        ("Ne anlarsın sen!!", "Sana mı soracağım?!", "HADİ ORADAN BE", "Kendi işine bak!!"),
        ("Да кто тебя спрашивал?!", "ИДИ УЖЕ ОТСЮДА", "Сам иди!!", "Умник нашёлся!!"),
        ("Bemoei je er niet mee!!", "HOU JE MOND EENS", "Wie denk jij wel?!", "Sukkel!!"),
        ("Sok tahu kamu!!", "DIAM SAJA SANA", "Siapa yang tanya?!", "Urus dirimu!!"),
    ],
)
def test_the_signs_are_the_same_in_every_language(texts: Sequence[str]) -> None:
    pairs = (("b", "a"), ("a", "b")) * 2
    turns = [Turn(who, to, text) for (who, to), text in zip(pairs, texts, strict=True)]
    assert find_fight(turns, matter=MATTER) is not None


def calm(turn: Turn) -> Turn:
    return replace(turn, text=turn.text.replace("!", ".").replace("?", ".").lower())


@pytest.mark.parametrize(
    "turns",
    [
        FIGHT[:4],  # three turns at each other
        tuple(calm(turn) for turn in FIGHT),
        tuple(replace(turn, to="us") for turn in FIGHT),  # everybody speaks to us
        tuple(replace(turn, author="a") for turn in FIGHT),  # one person alone
        tuple(replace(turn, text=f"{turn.text} about this parcel") for turn in FIGHT),
        tuple(replace(turn, is_heated=False) for turn in FIGHT),  # the engine heard no heat
        tuple(replace(turn, author=f"x{n}", to="a") for n, turn in enumerate(FIGHT)),
    ],
    ids=["short", "calm", "to us", "one author", "on the matter", "no heat", "many at one"],
)
def test_each_sign_that_is_missing_makes_it_no_fight(turns: Sequence[Turn]) -> None:
    assert find_fight(turns, matter=MATTER) is None


def test_a_conversation_that_comes_back_to_the_matter_is_no_fight_any_more() -> None:
    back = [
        Turn("a", "b", "Anyway, did your parcel leave the warehouse?!"),
        Turn("b", "a", "My parcel came yesterday, the warehouse wrote!!"),
    ] * 2
    assert find_fight([*FIGHT, *back], matter=MATTER) is None


turns = st.builds(
    Turn,
    author=st.sampled_from("abc"),
    to=st.sampled_from(["a", "b", "c", None]),
    text=st.text(max_size=40),
    is_ours=st.booleans(),
    is_heated=st.none() | st.booleans(),
)


@given(st.lists(turns, max_size=20), st.text(max_size=60))
def test_nothing_that_people_write_breaks_it_and_a_fight_has_its_signs(
    said: list[Turn], matter: str
) -> None:
    signs = find_fight(said, matter=matter)
    assert signs is None or (signs.authors >= 2 and signs.turns >= 4 and signs.heated >= 2)


@pytest.fixture
def thread(
    make_comment: Callable[..., Comment], desk: Desk, clock: ScriptedClock
) -> Callable[[], list[Case]]:
    """A complaint under which another customer and its author leave the matter."""

    def write() -> list[Case]:
        people = {
            "a": InboundAuthor("a-1", "ayse", "Ayşe"),
            "b": InboundAuthor("a-2", "can", "Can"),
        }
        above = ""
        for number, turn in enumerate(FIGHT, start=1):
            clock.advance(timedelta(minutes=1))
            make_comment(
                turn.text,
                external_id=f"f-{number}",
                thread_external_id="f-1",
                parent_external_id=above,
                author=people[turn.author],
                at=clock.now(),
            )
            above = f"f-{number}"
            run_until_idle(desk)
        return list(Case.objects.order_by("number"))

    return write


@pytest.fixture(autouse=True)
def _nobody_judged(request: pytest.FixtureRequest) -> None:
    """The signs of the words alone: what an engine says is another test's matter."""
    if "desk" in request.fixturenames:
        desk: Desk = request.getfixturevalue("desk")
        desk.classifier = lambda: None


@pytest.mark.django_db
def test_s2_31_a_fight_is_noted_once_and_told_to_one_case_of_the_thread(
    thread: Callable[[], list[Case]],
) -> None:
    first, second = thread()
    fight = Fight.objects.get()
    states = {case.pk: thread_state(case) for case in (first, second)}
    assert states[fight.case_id] == "fight"
    assert list(states.values()).count("fight") == 1  # type: ignore[arg-type]
    decision = latest_decision(fight.case)
    assert decision is not None
    assert decision.inputs["thread_state"] == "fight"


@pytest.mark.django_db
def test_after_our_one_note_the_playbook_never_asks_for_another(
    thread: Callable[[], list[Case]],
    make_comment: Callable[..., Comment],
    desk: Desk,
    clock: ScriptedClock,
) -> None:
    thread()
    fight = Fight.objects.get()
    clock.advance(timedelta(minutes=2))
    Case.objects.filter(pk=fight.case_id).update(first_replied_at=clock.now())
    make_comment(
        "SEN SUS ARTIK!!",
        external_id="f-9",
        thread_external_id="f-1",
        parent_external_id="f-5",
        author=InboundAuthor("a-2", "can", "Can"),
        at=clock.now() + timedelta(minutes=1),
    )
    run_until_idle(desk)
    assert {thread_state(case) for case in Case.objects.all()} & {"fight"} == set()
    assert Fight.objects.count() == 1


@pytest.mark.django_db
def test_a_person_may_see_a_fight_that_the_signs_do_not_show(
    make_comment: Callable[..., Comment],
    desk: Desk,
    agent: User,
    viewer: User,
    clock: ScriptedClock,
) -> None:
    make_comment("Güzel lamba", external_id="g-1")
    run_until_idle(desk)
    case = Case.objects.get()
    with pytest.raises(NotPossible, match="Only one author"):
        mark_fight(case, by=agent, now=clock.now())
    make_comment(
        "Sana öyle gelmiş",
        external_id="g-2",
        thread_external_id="g-1",
        author=InboundAuthor("a-2", "can", "Can"),
    )
    run_until_idle(desk)
    with pytest.raises(NotAllowed):
        mark_fight(case, by=viewer, now=clock.now())
    mark_fight(case, by=agent, now=clock.now())
    assert thread_state(case) == "fight"
    with pytest.raises(NotPossible, match="noted already"):
        mark_fight(case, by=agent, now=clock.now())


@pytest.mark.django_db
def test_a_restricted_case_notes_no_fight_and_its_words_count_for_none(
    make_comment: Callable[..., Comment],
    desk: Desk,
    thread: Callable[[], list[Case]],
) -> None:
    make_comment("Kovuldum", external_id="f-1", author=InboundAuthor("a-1", "ayse", "Ayşe"))
    run_until_idle(desk)
    Case.objects.update(lane="employee")
    thread()
    assert not Fight.objects.exists()
