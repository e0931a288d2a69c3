"""Two cases that are one matter become one; nothing of either is lost, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.close import close_case
from amends.cases.decide import recommend
from amends.cases.erase import Held, erase_comment
from amends.cases.hold_legally import legal_hold_on
from amends.cases.models import Case, CaseClock, CaseComment, Hold, LegalHold, Merge
from amends.cases.note import write_note
from amends.cases.open import case_for
from amends.cases.places import choose_comment, places_of
from amends.cases.queries import cases_visible_to, hold_in_force
from amends.cases.transitions import MERGES, NotPossible
from amends.cases.undo_merge import undo_merge
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.join import attach, merge, split, unmerge
from amends.record.models import ActionLog
from amends.replies.models import Reply
from amends.replies.promise import promises_of
from amends.replies.settle import confirm_published
from tests.cases.test_transitions import PAGE
from tests.support.desk import Colleagues
from tests.support.threads import run_together

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
CAN = InboundAuthor("a-2", "can", "Can")
HOUR = timedelta(hours=1)


@pytest.fixture
def pair(make_case: MakeCase, now: datetime) -> tuple[Case, Case]:
    """Two authors with one matter; the first has waited an hour longer."""
    first = make_case("Kargom nerede?", published_at=now - HOUR)
    return first, make_case("Kargom hâlâ gelmedi", author=CAN)


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__thread").get(pk=case.pk)


def test_the_survivor_takes_the_comments_and_the_other_case_leads_to_it(
    pair: tuple[Case, Case], agent: User, now: datetime
) -> None:
    survivor, merged = pair
    merge(merged, into=survivor, by=agent, now=now)
    merged = anew(merged)
    assert (merged.status, merged.disposition, merged.merged_into_id) == (
        "no_action",
        "duplicate",
        survivor.pk,
    )
    assert merged.dispositions.get().duplicate_of_id == survivor.pk
    assert CaseComment.objects.filter(case=survivor).count() == 2
    assert not CaseComment.objects.filter(case=merged).exists()
    said = set(
        ActionLog.objects.filter(subject_id=merged.public_id).values_list("action", flat=True)
    )
    assert {"case.move", "case.merge_into"} <= said
    assert ActionLog.objects.filter(subject_id=survivor.public_id, action="case.merge").exists()


def test_new_words_of_either_author_land_in_the_survivor(
    pair: tuple[Case, Case], make_comment: Callable[..., Comment], agent: User, now: datetime
) -> None:
    survivor, merged = pair
    merge(merged, into=survivor, by=agent, now=now)
    later = now + HOUR
    for case, author in ((survivor, None), (merged, CAN)):
        who: dict[str, Any] = {} if author is None else {"author": author}
        root = case.thread.root_external_id
        comment = make_comment("Ses yok!", at=later, thread_external_id=root, **who)
        with transaction.atomic():
            assert case_for(comment, now=later).pk == survivor.pk
    assert Case.objects.count() == 2


def test_clocks_are_the_earliest_and_priority_the_higher(
    make_case: MakeCase, desk: Desk, agent: User, now: datetime
) -> None:
    survivor = make_case("Kargom nerede?")
    merged = make_case("Kargom hâlâ gelmedi", author=CAN, published_at=now - HOUR)
    Case.objects.filter(pk=merged.pk).update(priority="P1")
    CaseClock.objects.filter(case=merged, kind="first_reply").update(due_at=now + HOUR / 4)
    merge(anew(merged), into=survivor, by=agent, now=now)
    case = anew(survivor)
    assert (case.priority, case.clock_started_at) == ("P1", now - HOUR)
    assert case.first_reply_due_at == now + HOUR / 4
    with transaction.atomic():  # what the worker does next must not take it back
        recommend(case, playbook=desk.playbook(case.workspace_id), now=now)
    case = anew(survivor)
    assert (case.priority, case.clock_started_at) == ("P1", now - HOUR)
    assert case.first_reply_due_at is not None
    assert case.first_reply_due_at <= now + HOUR / 4


def test_a_survivor_that_was_answered_is_taken_up_again_for_who_waits(
    pair: tuple[Case, Case], agent: User, now: datetime
) -> None:
    survivor, merged = pair
    Case.objects.filter(pk=survivor.pk).update(status="answered", first_replied_at=now)
    merge(merged, into=anew(survivor), by=agent, now=now)
    case = anew(survivor)
    assert (case.status, case.first_replied_at) == ("new", None)
    assert case.comment_id == merged.comment_id
    assert case.clock_started_at == merged.clock_started_at
    answered = {place.comment.pk: place.answered_at for place in places_of(case)}
    assert answered == {survivor.comment_id: now, merged.comment_id: None}


def test_the_stricter_lane_counts_for_both(
    make_case: MakeCase, agent: User, lead: User, now: datetime
) -> None:
    survivor, merged = make_case("Kargom?"), make_case("Dava açıyorum", author=CAN, lane="legal")
    with pytest.raises(NotAllowed):
        merge(merged, into=survivor, by=agent, now=now)
    merge(survivor, into=merged, by=lead, now=now)
    assert set(Case.objects.values_list("lane", flat=True)) == {"legal"}
    assert not cases_visible_to(agent, workspace=survivor.workspace).exists()


def test_holds_of_the_merged_case_bind_the_survivor(
    pair: tuple[Case, Case], agent: User, counsel: User, now: datetime
) -> None:
    survivor, merged = pair
    about = {"workspace": merged.workspace, "case": merged, "placed_by": counsel, "placed_at": now}
    Hold.objects.create(reason="Wait for the lab", **about)
    legal = {"reason": "Suit", "counsel": counsel, "review_on": (now + 99 * HOUR).date()}
    LegalHold.objects.create(**about, **legal)
    merge(merged, into=survivor, by=agent, now=now)
    assert hold_in_force(anew(survivor)) is not None
    assert legal_hold_on(anew(survivor)) is not None
    for comment in Comment.objects.all():
        with pytest.raises(Held):
            erase_comment(comment, reason="asked", by=counsel, now=now)


def test_notes_promises_and_answers_can_be_read_from_the_survivor(
    pair: tuple[Case, Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    survivor, merged = pair
    colleagues.triage(survivor)
    reply = colleagues.draft(merged)
    promise = colleagues.promise(anew(merged), "Yarın teslim")
    write_note(merged, text="Depot called", by=agent, now=now)
    merge(anew(merged), into=anew(survivor), by=agent, now=now)
    reply.refresh_from_db()
    case = anew(survivor)
    assert (reply.case_id, reply.text) == (survivor.pk, "Paketiniz bugün çıkıyor. Elif")
    assert (case.status, case.comment_id) == ("drafting", merged.comment_id)
    assert promises_of(case) == [promise]


def test_two_drafts_are_never_put_into_one_case(
    pair: tuple[Case, Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    for case in pair:
        colleagues.draft(case)
    with pytest.raises(NotPossible, match="both have a draft"):
        merge(anew(pair[1]), into=anew(pair[0]), by=agent, now=now)
    assert not Merge.objects.exists()
    assert anew(pair[1]).status == "drafting"


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("how", ["ask", "approve"])
def test_nothing_is_merged_while_an_answer_is_on_its_way(
    pair: tuple[Case, Case],
    colleagues: Colleagues,
    agent: User,
    now: datetime,
    which: int,
    how: str,
) -> None:
    getattr(colleagues, how)(pair[which])
    with pytest.raises(NotPossible, match="on its way"):
        merge(anew(pair[1]), into=anew(pair[0]), by=agent, now=now)
    assert not Merge.objects.exists()


def test_what_is_closed_or_merged_or_the_same_case_is_refused(
    pair: tuple[Case, Case], agent: User, now: datetime
) -> None:
    first, second = pair
    with pytest.raises(NotPossible, match="Name the other case"):
        merge(first, into=first, by=agent, now=now)
    merge(second, into=first, by=agent, now=now)
    with pytest.raises(NotPossible, match="merged into another case before"):
        merge(second, into=first, by=agent, now=now)
    close_case(anew(first), disposition="resolved", reason="done", by=agent, now=now)
    with pytest.raises(NotPossible):
        merge(first, into=second, by=agent, now=now)


@pytest.mark.parametrize("role", ["counsel", "viewer", "stranger"])
def test_who_does_not_work_on_cases_merges_none(
    pair: tuple[Case, Case], now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        merge(pair[1], into=pair[0], by=request.getfixturevalue(role), now=now)


@pytest.mark.usefixtures("real_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_each_other_s_way_at_once_one_is_refused(
    pair: tuple[Case, Case], agent: User, other_agent: User, now: datetime
) -> None:
    first, second = pair
    results = run_together(
        lambda: merge(first, into=second, by=agent, now=now) and None,
        lambda: merge(second, into=first, by=other_agent, now=now) and None,
    )
    (refused,) = (result for result in results if result is not None)
    assert isinstance(refused, NotPossible)
    assert Merge.objects.count() == 1
    assert Case.objects.filter(merged_into__isnull=True).count() == 1


def test_undoing_a_merge_restores_both_cases(
    pair: tuple[Case, Case], make_comment: Callable[..., Comment], agent: User, now: datetime
) -> None:
    survivor, merged = pair
    Case.objects.filter(pk=merged.pk).update(priority="P1")
    merge(anew(merged), into=survivor, by=agent, now=now)
    root = merged.thread.root_external_id
    later = make_comment("Alo?", at=now + HOUR, thread_external_id=root, author=CAN)
    with transaction.atomic():
        case_for(later, now=now + HOUR)
    unmerge(Merge.objects.get(), by=agent, now=now + HOUR)
    back, case = anew(merged), anew(survivor)
    assert (back.status, back.merged_into_id, back.disposition, back.reopened) == (
        "new",
        None,
        "",
        0,
    )
    assert set(back.items.values_list("comment", flat=True)) == {merged.comment_id, later.pk}
    assert (case.priority, case.clock_started_at) == (pair[0].priority, pair[0].clock_started_at)
    assert case.first_reply_due_at == pair[0].first_reply_due_at
    assert case.comment_id == pair[0].comment_id
    with pytest.raises(NotPossible, match="undone before"):
        unmerge(Merge.objects.get(), by=agent, now=now)
    merge(anew(merged), into=case, by=agent, now=now)  # and it may be merged anew
    assert Merge.objects.count() == 2


def test_a_later_merge_is_undone_first(make_case: MakeCase, agent: User, now: datetime) -> None:
    one, two, three = (make_case(author=InboundAuthor(f"a-{n}", f"a{n}")) for n in "123")
    merge(one, into=two, by=agent, now=now)
    merge(anew(two), into=three, by=agent, now=now)
    assert CaseComment.objects.filter(case=three).count() == 3
    early, late = Merge.objects.order_by("pk")
    with pytest.raises(NotPossible, match="undo that merge first"):
        unmerge(early, by=agent, now=now)
    unmerge(late, by=agent, now=now)
    unmerge(early, by=agent, now=now)
    assert sorted(CaseComment.objects.values_list("case", flat=True)) == [one.pk, two.pk, three.pk]


def test_a_hold_that_came_after_the_merge_stays_with_both(
    pair: tuple[Case, Case], agent: User, lead: User, now: datetime
) -> None:
    survivor, merged = pair
    merge(merged, into=survivor, by=agent, now=now)
    about = {"workspace": survivor.workspace, "placed_by": lead, "placed_at": now + HOUR}
    Hold.objects.create(case=survivor, reason="Recall", **about)
    unmerge(Merge.objects.get(), by=agent, now=now + 2 * HOUR)
    assert hold_in_force(anew(merged)) is not None
    assert hold_in_force(anew(survivor)) is not None


def test_a_split_case_has_its_own_clock_from_its_first_comment(
    pair: tuple[Case, Case], agent: User, now: datetime, desk: Desk
) -> None:
    first, second = pair
    merge(first, into=second, by=agent, now=now)
    made = split(anew(second), comments=[first.comment_id], by=agent, now=now)
    assert (made.author_id, made.thread_id) == (first.author_id, first.thread_id)
    assert made.clock_started_at == now - HOUR
    assert anew(second).clock_started_at == second.clock_started_at
    with transaction.atomic():
        recommend(made, playbook=desk.playbook(made.workspace_id), now=now)
    assert anew(made).first_reply_due_at == first.first_reply_due_at
    said = set(ActionLog.objects.filter(subject_id=made.public_id).values_list("action", flat=True))
    assert "case.open" in said


def test_a_split_needs_some_comments_and_leaves_some(
    pair: tuple[Case, Case], agent: User, now: datetime
) -> None:
    first, second = pair
    merge(first, into=second, by=agent, now=now)
    for chosen in ([], [first.comment_id, second.comment_id], [10**9]):
        with pytest.raises(NotPossible, match="Choose some"):
            split(anew(second), comments=chosen, by=agent, now=now)
    assert Case.objects.count() == 2


def test_a_split_takes_the_holds_along(
    pair: tuple[Case, Case], agent: User, lead: User, now: datetime
) -> None:
    first, second = pair
    merge(first, into=second, by=agent, now=now)
    about = {"workspace": second.workspace, "placed_by": lead, "placed_at": now}
    Hold.objects.create(case=second, reason="Recall", **about)
    made = split(anew(second), comments=[first.comment_id], by=agent, now=now)
    assert hold_in_force(made) is not None


def test_a_comment_is_given_to_the_case_that_it_belongs_to(
    make_case: MakeCase, make_comment: Callable[..., Comment], agent: User, now: datetime
) -> None:
    first, other = make_case(), make_case("Fatura yanlış", author=CAN)
    root = first.thread.root_external_id
    stray = make_comment("Bir de fatura yanlış", thread_external_id=root)
    with transaction.atomic():
        case_for(stray, now=now)
    attach(stray, source=anew(first), to=other, by=agent, now=now)
    assert set(other.items.values_list("comment", flat=True)) == {other.comment_id, stray.pk}
    assert anew(first).comment_id == first.comment_id
    with pytest.raises(NotPossible, match="only comment"):
        attach(first.comment, source=anew(first), to=other, by=agent, now=now)


def test_each_place_is_answered_where_it_stands_and_the_case_goes_on_until_all_are(
    pair: tuple[Case, Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    first, second = pair
    both = {first.comment_id, second.comment_id}
    merge(second, into=first, by=agent, now=now)
    for left in (second.comment_id, None):
        delivery = colleagues.approve(first)
        delivery.refresh_from_db()
        url = f"https://shop.example/{delivery.pk}"
        confirm_published(delivery, url=url, by=colleagues.writer, now=colleagues.now)
        case = anew(first)
        if left is not None:
            assert (case.status, case.comment_id, case.first_replied_at) == ("triaged", left, None)
            assert case.clock_started_at == second.clock_started_at
    assert anew(first).status == "answered"
    answered = set(Reply.objects.filter(status="sent").values_list("comment", flat=True))
    assert answered == both


def test_one_chooses_which_comment_is_answered_but_not_over_a_draft(
    pair: tuple[Case, Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    first, second = pair
    merge(second, into=first, by=agent, now=now)
    choose_comment(anew(first), second.comment, by=agent, now=now)
    assert colleagues.draft(first).comment_id == second.comment_id
    with pytest.raises(NotPossible, match="A draft answers another comment"):
        choose_comment(anew(first), first.comment, by=agent, now=now)


def test_the_docs_say_what_may_be_merged() -> None:
    for before, back in MERGES.items():
        assert f"| {before.value} | {back.value} |" in PAGE.read_text()


def test_undo_is_refused_to_who_may_not(
    pair: tuple[Case, Case], agent: User, viewer: User, now: datetime
) -> None:
    merge(pair[1], into=pair[0], by=agent, now=now)
    with pytest.raises(NotAllowed):
        undo_merge(Merge.objects.get(), by=viewer, now=now, follow=lambda _keys, _case: None)
