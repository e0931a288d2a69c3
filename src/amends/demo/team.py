"""What the shop's team did in the past days: triage, answers, approvals, closings; by the real verbs."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import resources

import yaml

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.assign import assign_case
from amends.cases.close import close_case
from amends.cases.models import Case, CaseComment, CaseStatus, DispositionCode
from amends.cases.transitions import NotPossible, may_move
from amends.cases.triage import TriageForm, latest_triage, words_to_judge
from amends.cases.troll_test import TrollForm, latest_test, take_test
from amends.core.clock import ScriptedClock
from amends.core.vocabulary import Category
from amends.demo.offsets import parse_span
from amends.demo.script import Answer, NoAction, Script, ScriptedPost, Truth
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import begin_reply, save_draft
from amends.replies.lint import lint_draft
from amends.replies.models import Promise, Reply
from amends.replies.promise import make_promise, settle_promise, time_named
from amends.replies.queries import reply_digest
from amends.sandbox.models import Post

READING = timedelta(minutes=2)  # between the last key stroke and the colleague's yes
WORD_KEPT_WITHIN = timedelta(hours=3)
STILL_OPEN = timedelta(hours=4)  # younger comments wait for whoever tries the desk
CLEARING = timedelta(hours=2, minutes=20)  # how long the team takes to look at what needs no answer

# For the few answers that the linter stops; the approver reads it as the second person.
SAID_ON_PURPOSE = "Read it aloud with the lead: here it has to be said in just this way."
BY_PHONE = "Called the customer; solved on the phone the same day."
LEFT_LATE = (
    5  # every fifth of the older matters was overlooked: a desk that is never late teaches nothing
)

# What needs no answer is closed with a reason all the same (K41); the rest stays open, some of it late.
NO_ANSWER_NEEDED = {
    Category.PRAISE: "Read and passed on to the team. It asks for nothing.",
    Category.OTHER: "Talk between customers; nothing is asked of us.",
    Category.SPAM: "An advert. Nothing to answer.",
    Category.GENERAL_NEGATIVITY: "An opinion about prices and taste. Heard, nothing to mend.",
    Category.TROLL: "Bait, no experience with us in it.",
    Category.ABUSE: "An insult without a matter in it. Kept as evidence, not answered.",
}

BECAME = {
    Category.PRAISE: DispositionCode.PRAISE_NOTED,
    Category.SPAM: DispositionCode.REMOVED,
}
CONDUCT = "Provokes the other customers; asks for nothing and tells of nothing."


class Stage(StrEnum):
    """How far an answer got; the last ones of the story wait for whoever tries the desk."""

    DRAFT = "draft"
    ASKED = "asked"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class TeamAct:
    """That the team answered or closed at a time; the comment is named by its id in the script."""

    at: datetime
    item: ScriptedPost
    what: Answer | NoAction
    stage: Stage = Stage.SENT


def team_acts(
    script: Script, *, now: datetime, told_elsewhere: Container[str] = ()
) -> list[TeamAct]:
    """Everything the team answered and closed, oldest first; `told_elsewhere` are ended by another story."""
    acts = [
        TeamAct(now + item.at + item.answer.after, item, item.answer)
        for item in script.comments
        if item.answer
    ]
    acts += _unfinished(script, now=now)
    closings = [one for one in _closings(script, now=now) if one.item.id not in told_elsewhere]
    return sorted([*acts, *closings], key=lambda act: act.at)


def _unfinished(script: Script, *, now: datetime) -> list[TeamAct]:
    """The answers that are being written right now, from content/unfinished.yaml."""
    items = {item.id: item for item in script.comments}
    source = (resources.files("amends.demo") / "content" / "unfinished.yaml").read_text("utf-8")
    acts = []
    for entry in yaml.safe_load(source):
        item = items[entry["comment"]]
        after = parse_span(entry["after"])
        answer = Answer(after, entry["text"], drafted_by=entry["drafted_by"], approved_by="")
        acts.append(TeamAct(now + item.at + after, item, answer, Stage(entry["stage"])))
    return acts


def _closings(script: Script, *, now: datetime) -> list[TeamAct]:
    """What the script closes, and what an attentive team closes by itself."""
    agents = [member.id for member in script.team if member.role == "agent"]
    acts = []
    for number, item in enumerate(script.comments):
        closing = item.no_action
        is_old = item.truth is not None and -item.at > STILL_OPEN
        if closing is None and item.answer is None and is_old and item.truth:
            reason = NO_ANSWER_NEEDED.get(item.truth.category, BY_PHONE)
            if reason is BY_PHONE and number % LEFT_LATE == 0:
                continue
            closing = NoAction(CLEARING, agents[number % len(agents)], reason)
        if closing is not None:
            acts.append(TeamAct(now + item.at + closing.after, item, closing))
    return acts


def let_team_act(
    act: TeamAct, *, team: dict[str, User], posts: dict[str, Post], clock: ScriptedClock
) -> None:
    """Carry out one act at the time of the clock."""
    post = posts[act.item.id]
    case = (
        CaseComment.objects.select_related("case__workspace").get(comment__external_id=post.id).case
    )
    truth = _truth_of(act.item)
    if isinstance(act.what, NoAction):
        if case.comment.external_id != post.id or not may_move(case, to=CaseStatus.NO_ACTION):
            return  # closed already, or a colleague is at it because of another word
        by = team[act.what.by]
        triage_by_truth(case, truth=truth, by=by, clock=clock)
        if truth.category == Category.TROLL:
            _suspect(case, by=by, clock=clock)
            return
        is_by_phone = act.what.reason is BY_PHONE
        close_case(
            case,
            disposition=DispositionCode.RESOLVED
            if is_by_phone
            else BECAME.get(truth.category, DispositionCode.NOT_OURS),
            reason=act.what.reason,
            by=by,
            now=clock.now(),
        )
        return
    _answer(case, act=act, answer=act.what, team=team, clock=clock)


def _suspect(case: Case, *, by: User, clock: ScriptedClock) -> None:
    """The team asks the three questions and leaves the rest to whoever tries the desk."""
    words = words_to_judge(case)
    if latest_test(case) is None and words is not None:
        form = TrollForm(
            is_on_topic=False,
            has_concern=False,
            is_constructive=False,
            conduct=CONDUCT,
            quotes=[words.text[:60]],
        )
        take_test(case, form=form, by=by, now=clock.now())


def _answer(
    case: Case, *, act: TeamAct, answer: Answer, team: dict[str, User], clock: ScriptedClock
) -> None:
    truth = _truth_of(act.item)
    writer = team[answer.drafted_by]
    assign_case(case, to=writer, by=writer, now=clock.now())
    triage_by_truth(case, truth=truth, by=writer, clock=clock)
    reply = begin_reply(case, by=writer, now=clock.now())
    reply = save_draft(reply, text=answer.text, revision=reply.revision, by=writer, now=clock.now())
    if act.stage is Stage.DRAFT:
        return
    promises = _promise_what_it_says(reply, by=writer, clock=clock)
    ask_for_approval(reply, by=writer, now=clock.now(), override=SAID_ON_PURPOSE, agreed=STATEMENTS)
    if act.stage is Stage.ASKED:
        return
    clock.advance(READING)
    _let_approve(reply, first=team[answer.approved_by], team=team, clock=clock)
    if -act.item.at > STILL_OPEN:
        for promise in promises:
            settle_promise(promise, is_kept=True, is_told=True, by=writer, now=clock.now())


def _let_approve(reply: Reply, *, first: User, team: dict[str, User], clock: ScriptedClock) -> None:
    """The colleague whom the script names approves, and whom the level of the case asks for besides."""
    for person in dict.fromkeys([first, *team.values()]):
        try:
            digest = reply_digest(reply)
            if approve_reply(reply, digest=digest, by=person, now=clock.now()) is not None:
                return
        except (NotPossible, NotAllowed):
            continue
    raise ValueError(f"{reply}: nobody of the team may approve it")


def _promise_what_it_says(reply: Reply, *, by: User, clock: ScriptedClock) -> list[Promise]:
    """Enter every promise that the linter finds in an answer into the register."""
    found = lint_draft(reply, now=clock.now()).findings
    said = dict.fromkeys(one.sentence for one in found if one.code == "Q05" and one.sentence)
    return [
        make_promise(
            reply.case,
            text=sentence,
            owner=by,
            promised_for=time_named(sentence, case=reply.case, now=clock.now())
            or clock.now() + WORD_KEPT_WITHIN,
            by=by,
            now=clock.now(),
        )
        for sentence in said
    ]


def triage_by_truth(case: Case, *, truth: Truth, by: User, clock: ScriptedClock) -> None:
    """Confirm what a careful person would, unless a colleague has already."""
    form = TriageForm(
        category=truth.category,
        sentiment=truth.sentiment,
        is_complaint=truth.is_complaint,
        severity=truth.severity,
        arousal=truth.arousal,
        fault_share=truth.fault_share,
        fault_basis="" if truth.fault_share is None else "order_data",
    )
    if latest_triage(case) is None or case.status == CaseStatus.NEW:
        triage_and_decide(case, form=form, by=by, now=clock.now(), desk=Desk(clock=clock))
        case.refresh_from_db()


def _truth_of(item: ScriptedPost) -> Truth:
    if item.truth is None:
        raise ValueError(f"{item.id}: the team acts on comments only, and they have a truth")
    return item.truth
