"""Which case a comment belongs to: history asks nobody, a follow-up joins, numbers have no gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from amends.accounts.models import User, Workspace
from amends.cases.close import close_case
from amends.cases.models import Case, CaseComment
from amends.cases.open import HISTORY, case_for
from amends.cases.working_views import in_view
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.models import Reply
from tests.support.desk import Colleagues
from tests.support.threads import run_together, successes

Make = Callable[..., Comment]


@pytest.mark.django_db
def test_history_is_closed_from_the_start_has_no_clock_and_asks_nobody(
    make_comment: Make, desk: Desk, agent: User, now: datetime
) -> None:
    make_comment(published_at=now - timedelta(days=40))
    run_until_idle(desk)
    case = Case.objects.get()
    assert (case.status, case.reason) == ("no_action", HISTORY)
    assert case.clock_started_at is case.first_reply_due_at is case.resolution_due_at is None
    assert (case.next_step, case.reopened) == ("", 0)
    cases = Case.objects.all()
    for view in ("mine", "unassigned", "due_soon", "approvals"):
        assert not in_view(cases, view, user=agent, now=now).exists()


@pytest.mark.django_db
def test_what_is_said_after_connecting_does_not_wake_a_case_of_history(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(external_id="old", published_at=now - timedelta(days=40))
    make_comment(external_id="new", thread_external_id="old")
    run_until_idle(desk)
    old, new = Case.objects.order_by("number")
    assert (old.status, old.reopened) == ("no_action", 0)
    assert (new.status, new.comment.external_id) == ("new", "new")


@pytest.mark.django_db
def test_a_further_word_of_the_same_person_joins_the_open_case(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(external_id="c-1")
    run_until_idle(desk)
    make_comment(
        "Hâlâ bekliyorum",
        external_id="c-2",
        thread_external_id="c-1",
        published_at=now + timedelta(minutes=3),
    )
    run_until_idle(desk)
    case = Case.objects.get()
    assert case.comment.external_id == "c-2"
    assert (case.items.count(), case.reopened, case.status) == (2, 0, "new")


@pytest.mark.django_db
def test_another_person_in_the_same_thread_has_a_case_of_their_own(
    make_comment: Make, desk: Desk
) -> None:
    make_comment(external_id="c-1")
    make_comment(
        external_id="c-2", thread_external_id="c-1", author=InboundAuthor("a-2", "mehmet", "Mehmet")
    )
    run_until_idle(desk)
    assert Case.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("disposition", ["resolved", "not_ours"])
def test_a_further_word_reopens_a_closed_case_counts_it_and_starts_its_clock_anew(
    make_comment: Make, desk: Desk, clock: ScriptedClock, agent: User, disposition: str
) -> None:
    make_comment(external_id="c-1")
    run_until_idle(desk)
    close_case(Case.objects.get(), disposition=disposition, reason="x", by=agent, now=clock.now())
    clock.advance(timedelta(hours=5))
    make_comment(external_id="c-2", thread_external_id="c-1", at=clock.now())
    run_until_idle(desk)
    case = Case.objects.get()
    assert (case.status, case.reopened, case.closed_at, case.warned) == ("new", 1, None, 0)
    assert case.clock_started_at == clock.now()
    assert case.first_reply_due_at is not None
    assert case.first_reply_due_at > clock.now()
    assert case.next_step == "watch_clock"


@pytest.mark.django_db
def test_an_older_word_that_arrives_late_joins_without_becoming_what_is_answered(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(external_id="c-1", published_at=now)
    make_comment(
        external_id="c-0", thread_external_id="c-1", published_at=now - timedelta(minutes=9)
    )
    run_until_idle(desk)
    assert Case.objects.get().comment.external_id == "c-1"


@pytest.mark.django_db
def test_the_same_comment_decided_twice_is_one_case(make_comment: Make, now: datetime) -> None:
    comment = make_comment()
    with transaction.atomic():
        assert case_for(comment, now=now).pk == case_for(comment, now=now).pk
    assert CaseComment.objects.count() == 1


@pytest.mark.django_db
def test_an_edit_after_the_draft_was_begun_keeps_case_and_reply(
    make_comment: Make, colleagues: Colleagues, desk: Desk
) -> None:
    make_comment(external_id="c-1")
    run_until_idle(desk)
    colleagues.draft(Case.objects.get())
    make_comment("Kargom geldi", external_id="c-1", version_key="v2")
    run_until_idle(desk)
    assert Case.objects.count() == Reply.objects.count() == 1


@pytest.mark.usefixtures("real_database")
def test_numbers_have_neither_gaps_nor_doubles_however_many_open_cases(
    make_comment: Make, workspace: Workspace, now: datetime
) -> None:
    comments = [
        make_comment(
            external_id=f"c-{number}", author=InboundAuthor(f"a-{number}", f"person{number}")
        )
        for number in range(30)
    ]

    def opener(share: list[Comment]) -> Callable[[], None]:
        def run() -> None:
            for place, comment in enumerate(share):
                with transaction.atomic():
                    case_for(comment, now=now)
                    transaction.set_rollback(place % 5 == 4)  # a worker that failed leaves no gap

        return run

    successes(run_together(*(opener(comments[start::5]) for start in range(5))))
    numbers = sorted(Case.objects.filter(workspace=workspace).values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == 25


@pytest.mark.usefixtures("real_database")
def test_two_words_of_one_person_decided_at_the_same_moment_are_one_case(
    make_comment: Make, now: datetime
) -> None:
    for round_ in range(5):
        author = InboundAuthor(f"a-{round_}", f"person{round_}")
        root = f"r{round_}-0"
        comments = [
            make_comment(external_id=f"r{round_}-{n}", thread_external_id=root, author=author)
            for n in range(3)
        ]

        def opener(comment: Comment) -> Callable[[], None]:
            def run() -> None:
                with transaction.atomic():
                    case_for(comment, now=now)

            return run

        successes(run_together(*map(opener, comments)))
        assert Case.objects.filter(author__external_id=f"a-{round_}").count() == 1
