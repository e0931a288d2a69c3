"""Drafts: nothing that somebody typed is lost, and what is on its way is not changed behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import (
    MAX_CHARS,
    DraftConflict,
    begin_reply,
    pin_to_latest,
    save_draft,
    withdraw_reply,
)
from amends.replies.models import Reply, ReplyRevision
from amends.replies.queries import open_reply
from tests.support.desk import WHY, Colleagues
from tests.support.threads import run_together, successes

MakeCase = Callable[..., Case]


@pytest.fixture
def triaged(make_case: MakeCase, colleagues: Colleagues) -> Case:
    case = make_case(external_id="c-1")
    colleagues.triage(case)
    return case


def fresh(reply: Reply) -> Reply:
    return Reply.objects.get(pk=reply.pk)


@pytest.mark.django_db
def test_of_two_people_with_the_same_draft_open_the_second_sees_both_texts(
    triaged: Case, agent: User, other_agent: User, now: datetime
) -> None:
    first = begin_reply(triaged, by=agent, now=now)
    second = begin_reply(Case.objects.get(), by=other_agent, now=now)
    assert first.pk == second.pk
    save_draft(first, text="one", revision=0, by=agent, now=now)
    with pytest.raises(DraftConflict) as conflict:
        save_draft(second, text="two", revision=0, by=other_agent, now=now)
    theirs = conflict.value.theirs
    assert (theirs.text, theirs.revision) == ("one", 1)
    save_draft(theirs, text="one and two", revision=1, by=other_agent, now=now)
    kept = ReplyRevision.objects.order_by("number").values_list("text", "edited_by")
    assert list(kept) == [("one", agent.pk), ("one and two", other_agent.pk)]


@pytest.mark.django_db
def test_two_tabs_of_one_person_conflict_in_the_same_way(
    triaged: Case, agent: User, now: datetime
) -> None:
    reply = begin_reply(triaged, by=agent, now=now)
    other_tab = fresh(reply)
    save_draft(reply, text="one", revision=0, by=agent, now=now)
    with pytest.raises(DraftConflict):
        save_draft(other_tab, text="two", revision=0, by=agent, now=now)
    assert fresh(reply).text == "one"


@pytest.mark.usefixtures("real_database")
def test_of_many_who_save_at_the_same_moment_one_wins_and_each_other_is_told(
    triaged: Case, agent: User, now: datetime
) -> None:
    reply = begin_reply(triaged, by=agent, now=now)

    def saver(text: str) -> Callable[[], Reply]:
        mine = fresh(reply)
        return lambda: save_draft(mine, text=text, revision=0, by=agent, now=now)

    results = run_together(*(saver(f"text {number}") for number in range(5)))
    saved = [one for one in results if isinstance(one, Reply)]
    assert len(saved) == ReplyRevision.objects.count() == 1
    assert all(isinstance(one, DraftConflict) for one in results if one not in saved)
    assert fresh(reply).text == ReplyRevision.objects.get().text == saved[0].text


@pytest.mark.usefixtures("real_database")
def test_many_who_begin_at_the_same_moment_share_one_reply(
    triaged: Case, agent: User, other_agent: User, now: datetime
) -> None:
    def beginner(by: User) -> Callable[[], Reply]:
        case = Case.objects.get()
        return lambda: begin_reply(case, by=by, now=now)

    begun = successes(run_together(*map(beginner, [agent, other_agent] * 2)))
    assert {reply.pk for reply in begun} == {Reply.objects.get().pk}


@pytest.mark.django_db
def test_saving_the_same_text_again_makes_no_revision(
    triaged: Case, agent: User, now: datetime
) -> None:
    reply = begin_reply(triaged, by=agent, now=now)
    reply = save_draft(reply, text="one", revision=0, by=agent, now=now)
    save_draft(reply, text="one", revision=1, by=agent, now=now)
    assert ReplyRevision.objects.count() == 1


@pytest.mark.django_db
def test_a_text_without_end_is_refused_before_it_is_stored(
    triaged: Case, agent: User, now: datetime
) -> None:
    reply = begin_reply(triaged, by=agent, now=now)
    with pytest.raises(NotPossible, match="too long"):
        save_draft(reply, text="x" * (MAX_CHARS + 1), revision=0, by=agent, now=now)
    assert fresh(reply).revision == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["counsel", "viewer", "stranger"])
def test_who_may_not_write_is_refused(
    triaged: Case, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        begin_reply(triaged, by=request.getfixturevalue(role), now=now)


@pytest.mark.django_db
def test_editing_what_waits_for_approval_takes_it_back(
    triaged: Case, colleagues: Colleagues, now: datetime
) -> None:
    reply = colleagues.ask(triaged)
    save_draft(reply, text="another", revision=1, by=colleagues.writer, now=now)
    assert (fresh(reply).status, Case.objects.get().status) == ("draft", "drafting")


@pytest.mark.django_db
def test_an_approved_reply_can_be_neither_edited_withdrawn_nor_pinned_anew(
    triaged: Case, colleagues: Colleagues, now: datetime
) -> None:
    reply = colleagues.approve(triaged).reply
    reply = fresh(reply)
    for change in (
        lambda: save_draft(reply, text="x", revision=1, by=colleagues.writer, now=now),
        lambda: withdraw_reply(reply, by=colleagues.writer, now=now),
        lambda: pin_to_latest(reply, by=colleagues.writer, now=now),
    ):
        with pytest.raises(NotPossible):
            change()
    assert fresh(reply).status == "approved"


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["approved", "sent", "withdrawn"])
@pytest.mark.parametrize("verb", [withdraw_reply, pin_to_latest])
def test_a_page_that_is_older_than_the_reply_changes_nothing(
    triaged: Case,
    colleagues: Colleagues,
    now: datetime,
    status: str,
    verb: Callable[..., object],
) -> None:
    on_an_old_page = colleagues.ask(triaged)
    Reply.objects.update(status=status)
    with pytest.raises(NotPossible):
        verb(on_an_old_page, by=colleagues.writer, now=now)
    assert fresh(on_an_old_page).status == status


@pytest.mark.django_db
def test_a_withdrawn_reply_keeps_its_revisions_and_frees_the_comment(
    triaged: Case, colleagues: Colleagues, agent: User, now: datetime
) -> None:
    reply = colleagues.draft(triaged, "never mind")
    withdraw_reply(reply, by=agent, now=now)
    assert ReplyRevision.objects.get().text == "never mind"
    case = Case.objects.get()
    assert (case.status, open_reply(case)) == ("triaged", None)
    assert begin_reply(case, by=agent, now=now).pk != reply.pk


@pytest.mark.django_db
def test_a_comment_that_is_gone_is_not_answered(
    triaged: Case, agent: User, now: datetime, desk: Desk, bury: Callable[..., None]
) -> None:
    bury(triaged.comment, at=now + timedelta(minutes=1))
    with pytest.raises(NotPossible, match="gone"):
        begin_reply(triaged, by=agent, now=now)


@pytest.mark.django_db
def test_a_draft_is_frozen_by_an_edit_of_the_comment_and_goes_on_when_that_was_read(
    triaged: Case,
    make_comment: Callable[..., Comment],
    colleagues: Colleagues,
    desk: Desk,
    now: datetime,
) -> None:
    reply = colleagues.draft(triaged, "our words")
    make_comment("Kargom geldi ama kırık", external_id="c-1", version_key="v2")
    run_until_idle(desk)
    frozen = fresh(reply)
    assert (frozen.status, frozen.text) == ("frozen", "our words")
    with pytest.raises(NotPossible):
        ask_for_approval(frozen, by=colleagues.writer, now=now, agreed=STATEMENTS)
    frozen = save_draft(frozen, text="new words", revision=1, by=colleagues.writer, now=now)
    assert frozen.status == "frozen"  # typing alone does not say that the new version was read
    pinned = pin_to_latest(frozen, by=colleagues.writer, now=now)
    assert (pinned.status, pinned.version.key, pinned.text) == ("draft", "v2", "new words")
    ask_for_approval(pinned, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)


@pytest.mark.django_db
def test_a_draft_to_a_comment_that_was_deleted_is_frozen_and_cannot_be_pinned(
    triaged: Case,
    colleagues: Colleagues,
    desk: Desk,
    now: datetime,
    bury: Callable[..., None],
) -> None:
    reply = colleagues.draft(triaged)
    bury(triaged.comment, at=now + timedelta(minutes=1))
    run_until_idle(desk)
    frozen = fresh(reply)
    assert frozen.status == "frozen"
    with pytest.raises(NotPossible, match="gone"):
        pin_to_latest(frozen, by=colleagues.writer, now=now)
    withdraw_reply(frozen, by=colleagues.writer, now=now)
    assert Case.objects.get().status == "triaged"
