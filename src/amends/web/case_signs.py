"""What the page of a case shows beside the matter itself: troll test, ending, lane, and the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.accounts.models import User
from amends.accounts.permissions import (
    may_answer_for_hold,
    may_approve,
    may_close,
    may_hold_legally,
    may_leave_lane,
    may_move_lane,
    may_triage,
)
from amends.accounts.queries import members_of
from amends.accounts.second_person import is_solo
from amends.cases.close import closings_of
from amends.cases.hold_legally import legal_hold_on
from amends.cases.mark_advocate import advocate_comments, count_advocates, suggest_advocates
from amends.cases.models import (
    Case,
    Disposition,
    DispositionCode,
    Fight,
    Lane,
    LegalHold,
    SilenceGround,
    SilenceProposal,
    TrollRuling,
    TrollTest,
)
from amends.cases.queries import case_or_none
from amends.cases.second_person import second_look_at
from amends.cases.silence import grounds_of, open_proposal
from amends.cases.troll_test import TrollStage, latest_test, quoted_words, stage_of
from amends.cases.watch_thread import fight_of, has_note
from amends.inbox.models import Comment
from amends.web import labels

REVIEW_AFTER = timedelta(days=90)  # offered in the form; a person chooses


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Who may agree: somebody else, or one person alone from `alone_from` on."""

    is_first: bool  # the person had the first part in it
    is_alone: bool
    alone_from: datetime | None

    @property
    def is_refused(self) -> bool:
        return self.is_first and not self.is_alone


@dataclass(frozen=True, slots=True)
class TrollPanel:
    """The troll test as it stands; `is_near` says that it should be looked at now."""

    stage: TrollStage
    test: TrollTest | None
    quotes: tuple[str, ...]
    ruling: TrollRuling | None
    second: SecondLook | None
    is_near: bool
    may_take: bool
    may_rule: bool


@dataclass(frozen=True, slots=True)
class EndingPanel:
    """How the case can be closed, or how it was."""

    closings: tuple[tuple[str, str], ...]
    grounds: tuple[tuple[str, str], ...]
    proposal: SilenceProposal | None
    second: SecondLook | None
    may_rule: bool
    ending: Disposition | None
    words: str
    duplicate: Case | None  # only where the person may know of it
    is_look_due: bool


@dataclass(frozen=True, slots=True)
class LanePanel:
    """Who may see the case, and the legal hold that stands on it; its reason only for confidants."""

    lanes: tuple[tuple[str, str], ...]
    may_move: bool
    hold: LegalHold | None
    is_review_past: bool
    may_hold: bool
    counsels: tuple[User, ...]
    review_on: str


@dataclass(frozen=True, slots=True)
class TalkSigns:
    """What the conversation shows as a whole."""

    fight: Fight | None
    fight_case: Case | None  # where the note is written, if the person may know of it
    is_fight_ours: bool  # the one note is written here
    has_note: bool
    may_mark_fight: bool
    advocates: int
    defending: frozenset[int]
    suggested: frozenset[int]
    may_mark: bool


@dataclass(frozen=True, slots=True)
class CaseSigns:
    """All of it."""

    troll: TrollPanel
    ending: EndingPanel
    lane: LanePanel
    talk: TalkSigns


def read_case_signs(case: Case, *, user: User, category: str, now: datetime) -> CaseSigns:
    """Read it for one person; `category` is what stands in the triage form."""
    return CaseSigns(
        troll=_troll(case, user=user, category=category),
        ending=_ending(case, user=user, now=now),
        lane=_lane(case, user=user, now=now),
        talk=_talk(case, user=user),
    )


def _troll(case: Case, *, user: User, category: str) -> TrollPanel:
    test, stage = latest_test(case), stage_of(case)
    rulings = sorted(test.rulings.all(), key=lambda one: one.pk) if test else []
    second = None
    if test is not None and stage == TrollStage.SECOND_PERSON:
        since = test.answer.noted_at
        second = _second(case, user=user, first=test.taken_by_id, since=since)
    return TrollPanel(
        stage=stage,
        test=test,
        quotes=tuple(quoted_words(test)) if test else (),
        ruling=rulings[-1] if rulings else None,
        second=second,
        is_near=category == "troll" or stage in {TrollStage.ASK, TrollStage.SECOND_PERSON},
        may_take=may_triage(user, case.workspace) and case.is_open,
        may_rule=may_approve(user, case.workspace),
    )


def _ending(case: Case, *, user: User, now: datetime) -> EndingPanel:
    may = may_close(user, case.workspace)
    proposal = open_proposal(case)
    ending = None
    if not case.is_open:
        ending = (
            case.dispositions.select_related("closed_by", "agreed_by", "duplicate_of")
            .order_by("-pk")
            .first()
        )
    duplicate = ending.duplicate_of if ending else None
    if duplicate is not None:
        duplicate = case_or_none(user, workspace=case.workspace, number=duplicate.number)
    second = None
    if proposal is not None:
        since = proposal.proposed_at
        second = _second(case, user=user, first=proposal.proposed_by_id, since=since)
    return EndingPanel(
        closings=tuple((code.value, str(code.label)) for code in closings_of(case)) if may else (),
        grounds=_grounds(case) if may and proposal is None else (),
        proposal=proposal,
        second=second,
        may_rule=may_approve(user, case.workspace),
        ending=ending,
        words=str(DispositionCode(case.disposition).label) if case.disposition else "",
        duplicate=duplicate,
        is_look_due=may and case.look_due_at is not None and now >= case.look_due_at,
    )


def _grounds(case: Case) -> tuple[tuple[str, str], ...]:
    return tuple((SilenceGround(one).value, str(one.label)) for one in grounds_of(case))


def _second(case: Case, *, user: User, first: int, since: datetime) -> SecondLook:
    is_first, alone = user.pk == first, is_solo(case.workspace)
    until = second_look_at(case.workspace, since=since) if is_first and alone else None
    return SecondLook(is_first, alone, until)


def _lane(case: Case, *, user: User, now: datetime) -> LanePanel:
    may_hold = may_hold_legally(user, case.workspace)
    hold = legal_hold_on(case)
    may_out = may_leave_lane(user, case.workspace)
    offered = [
        (lane.value, labels.label_of(labels.LANES, lane.value))
        for lane in Lane
        if lane != case.lane and (lane != Lane.OPEN or may_out)
    ]
    counsels: tuple[User, ...] = ()
    if may_hold and hold is None:
        people = (member.user for member in members_of(case.workspace))
        counsels = tuple(one for one in people if may_answer_for_hold(one, case.workspace))
    return LanePanel(
        lanes=tuple(offered),
        may_move=may_move_lane(user, case.workspace),
        hold=hold,
        is_review_past=hold is not None and hold.review_on < now.date(),
        may_hold=may_hold,
        counsels=counsels,
        review_on=(now + REVIEW_AFTER).date().isoformat(),
    )


def _talk(case: Case, *, user: User) -> TalkSigns:
    fight = fight_of(case)
    may = may_triage(user, case.workspace)
    theirs = Comment.objects.filter(thread=case.thread_id, is_ours=False)
    has_several = theirs.order_by().values("author").distinct().count() > 1
    is_restricted = case.lane != Lane.OPEN
    return TalkSigns(
        fight=fight,
        fight_case=case_or_none(user, workspace=case.workspace, number=fight.case.number)
        if fight is not None
        else None,
        is_fight_ours=fight is not None and fight.case_id == case.pk,
        has_note=fight is not None and has_note(fight),
        may_mark_fight=may and fight is None and has_several and case.is_open and not is_restricted,
        advocates=count_advocates(user, case=case),
        defending=frozenset(advocate_comments(user, case=case)),
        suggested=frozenset(suggest_advocates(user, case=case)) if may else frozenset(),
        may_mark=may and has_several,
    )
