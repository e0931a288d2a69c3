"""Words that were removed are looked out for during 72 hours (G2); people are not marked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from amends.accounts.models import Notification, User
from amends.accounts.notice_words import notice_sentence
from amends.cases.find_reposts import ALIKE_FROM, says_again
from amends.cases.models import Case, IdentityLink, LinkGround, LinkState
from amends.cases.note_traces import note_traces
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Author
from amends.measures.models import Measure, MeasureStatus, Repost
from amends.measures.queries import earlier_removals
from amends.measures.watch_reposts import MOST_TOLD, WATCHED_FOR, watch_reposts
from amends.record.models import ActionLog
from amends_engine.lint.similarity import similarity
from tests.support.measures import Bench

pytestmark = pytest.mark.django_db
MakeWord = Callable[..., Case]

COMPLAINT = "Six days without a parcel and nobody answers the telephone of your shop at all"
HATEFUL = f"{COMPLAINT}, you filthy idiots should all go back where you came from."
INSULT = "you filthy idiots should all go back where you came from"
RUDI, EDA = InboundAuthor("a-rudi", "rudi", "Rudi"), InboundAuthor("a-eda", "eda", "Eda")


@pytest.fixture
def say(make_case: Callable[..., Case], now: datetime) -> MakeWord:
    """A case with its traces, as the worker leaves it; by default an hour after the removal."""

    def make(
        text: str,
        *,
        author: InboundAuthor = EDA,
        after: timedelta = timedelta(hours=1),
        lane: str = "open",
    ) -> Case:
        at = now + after
        case = make_case(text, author=author, at=at, lane=lane)
        with transaction.atomic():
            note_traces(case.comment.versions.get())
        return case

    return make


@pytest.fixture
def removed(say: MakeWord, bench: Bench, now: datetime) -> Measure:
    """Rudi's hateful comment, hidden now."""
    case = say(HATEFUL, author=RUDI, after=timedelta(hours=-1))
    measure = bench.ask(case, "hide", INSULT)
    Measure.objects.filter(pk=measure.pk).update(status=MeasureStatus.DONE, done_at=now)
    measure.refresh_from_db()
    return measure


def look(now: datetime) -> int:
    return watch_reposts(now=now + timedelta(hours=2))


@pytest.mark.parametrize("who", [RUDI, EDA])
def test_a_near_copy_is_told_to_who_asked_for_the_measure(
    removed: Measure, say: MakeWord, agent: User, other_agent: User, now: datetime, who: object
) -> None:
    """G2: whoever says it again; nothing is done to it, and it is told once."""
    case = say(HATEFUL.replace(".", "!!"), author=who)
    assert look(now) == 1
    assert look(now) == 0
    (repost,) = earlier_removals(case, agent)
    assert (repost.measure, repost.is_same_author) == (removed, who is RUDI)
    notice = Notification.objects.get(key__startswith="repost:")
    assert (notice.user, notice.subject_id) == (agent, case.public_id)
    assert case.public_id in notice_sentence(notice)
    assert ActionLog.objects.filter(action="measure.repost").count() == 1
    assert Measure.objects.count() == 1
    assert not Notification.objects.filter(user=other_agent, key__startswith="repost:").exists()


@pytest.mark.parametrize(
    "text",
    [
        COMPLAINT,  # the same criticism without the insult: what we ask for
        "Why was my comment removed? I still wait for my parcel and for an answer.",
        "Your shop is the worst I ever bought from, and I will say so to everybody.",
    ],
)
def test_criticism_by_an_author_whose_words_were_removed_is_not_marked(
    removed: Measure, say: MakeWord, agent: User, now: datetime, text: str
) -> None:
    case = say(text, author=RUDI)
    assert look(now) == 0
    assert earlier_removals(case, agent) == []
    assert not Notification.objects.filter(key__startswith="repost:").exists()


def test_a_long_complaint_without_its_short_insult_is_another_text() -> None:
    """Nearly all words are the same, and still only the criticism was said again."""
    before = f"{COMPLAINT}, you idiots, and I shall ask my bank to take the money back."
    at = before.index("you idiots")
    places, after = [(at, at + 10)], before.replace(", you idiots", "")
    for is_same in (True, False):
        assert not says_again(after, of=before, broken=places, is_same_author=is_same)
        assert says_again(before.upper(), of=before, broken=places, is_same_author=is_same)
    assert similarity(before, after) > ALIKE_FROM


def test_the_same_author_may_change_more_of_it_than_a_stranger(
    removed: Measure, say: MakeWord, now: datetime
) -> None:
    changed = f"{COMPLAINT}. You filthy idiots, go back to where you came from, all of you, today!"
    say(changed, author=EDA)
    assert look(now) == 0
    say(changed, author=RUDI)
    assert look(now) == 1


@pytest.mark.parametrize(("state", "found"), [("confirmed", True), ("proposed", False)])
def test_an_identity_counts_once_a_person_confirmed_it(
    removed: Measure, say: MakeWord, now: datetime, state: str, found: bool
) -> None:
    case = say(HATEFUL, author=EDA)
    pair = sorted([removed.author_id, case.author_id])
    IdentityLink.objects.create(
        workspace=case.workspace,
        first=Author.objects.get(pk=pair[0]),
        second=Author.objects.get(pk=pair[1]),
        ground=LinkGround.HANDLE,
        confidence=0.9,
        state=LinkState(state),
        proposed_at=now,
    )
    look(now)
    assert Repost.objects.get().is_same_author is found


def test_the_watch_ends_after_72_hours_and_begins_with_the_removal(
    removed: Measure, say: MakeWord, now: datetime
) -> None:
    say(HATEFUL, after=timedelta(minutes=-5))
    say(HATEFUL, after=WATCHED_FOR + timedelta(minutes=1))
    assert watch_reposts(now=now + WATCHED_FOR + timedelta(hours=1)) == 0
    say(HATEFUL, after=WATCHED_FOR - timedelta(minutes=1))
    assert watch_reposts(now=now + WATCHED_FOR + timedelta(hours=1)) == 1


def test_what_was_taken_back_is_watched_no_more_and_shown_no_more(
    removed: Measure, say: MakeWord, agent: User, now: datetime
) -> None:
    case = say(HATEFUL)
    look(now)
    assert earlier_removals(case, agent)
    Measure.objects.filter(pk=removed.pk).update(status=MeasureStatus.UNDONE)
    assert earlier_removals(case, agent) == []
    say(HATEFUL)
    assert look(now) == 0


def test_whoever_floods_us_floods_no_colleague(
    removed: Measure, say: MakeWord, now: datetime
) -> None:
    for number in range(MOST_TOLD + 2):
        say(HATEFUL, author=InboundAuthor(f"b-{number}", f"b{number}", "B"))
    assert look(now) == MOST_TOLD + 2
    assert Notification.objects.filter(key__startswith="repost:").count() == MOST_TOLD


@pytest.mark.parametrize("restricted", ["old", "new"])
def test_nothing_of_a_restricted_lane_is_told(
    removed: Measure, say: MakeWord, agent: User, now: datetime, restricted: str
) -> None:
    case = say(HATEFUL)
    one = removed.case if restricted == "old" else case
    Case.objects.filter(pk=one.pk).update(lane="legal")
    look(now)
    assert not Notification.objects.filter(key__startswith="repost:").exists()
    assert ActionLog.objects.get(action="measure.repost").subject_id in {one.public_id, str(one.pk)}
    if restricted == "old":
        assert earlier_removals(case, agent) == []


def test_the_page_of_the_new_case_leads_to_the_earlier_measure(
    removed: Measure,
    say: MakeWord,
    agent: User,
    client: Client,
    now: datetime,
) -> None:
    case = say(HATEFUL, author=RUDI)
    look(now)
    client.force_login(agent)
    page = client.get(f"/cases/C-{case.number}/").content.decode()
    assert "Perhaps words that were removed before: clause “Hate”" in page
    assert f'href="/cases/{removed.case.public_id}/#measures"' in page
    earlier = client.get(f"/cases/{removed.case.public_id}/").content.decode()
    assert "Perhaps words that were removed before" not in earlier
