"""The journey: every step in its order, what it works on, and the verb that does it.

This is the table of contents of Amends. Read it from top to bottom: a complaint is heard, captured,
understood, decided upon, answered by people, sent, and followed to its end. A step takes one row, does its
work, and names the next step of that row; no verb calls another one. docs/how-a-comment-travels.md tells the
same story in words.

    listen → capture → triage → decide → reply → approve → send → follow up
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from amends.accounts.deliver_notice import deliver_notice
from amends.accounts.models import NoticeDelivery
from amends.cases.chase_task import chase_task
from amends.cases.classify import classify
from amends.cases.decide import decide, decide_again
from amends.cases.look_again import look_again
from amends.cases.mail_department import mail_department
from amends.cases.models import Case, DepartmentTask, Routing, TaskMail, WhatIf
from amends.cases.route import route
from amends.cases.tell import known_outside
from amends.cases.watch_clock import watch_clock
from amends.cases.what_if import what_if
from amends.hooks.deliver import deliver_webhook
from amends.hooks.models import WebhookDelivery
from amends.inbox.capture import capture
from amends.inbox.capture_batch import capture_batch
from amends.inbox.channels import outbound_guard
from amends.inbox.context import fetch_context
from amends.inbox.fetch_attachment import fetch_attachment
from amends.inbox.import_file import import_file
from amends.inbox.listen import listen
from amends.inbox.models import AttachmentFile, ChannelAccount, FileImport, RawEvent, Version
from amends.inbox.upload import settle_files
from amends.learning.learn import learn
from amends.learning.models import Reassessment, Training
from amends.learning.reassess import reassess
from amends.measures.act import act_measure
from amends.measures.appeal import watch_appeal
from amends.measures.models import Appeal, Measure
from amends.measures.strikes import count_strikes
from amends.measures.undo import undo_measure
from amends.measures.watch import watch_measure
from amends.pipeline.desk import Desk
from amends.replies.draft_by_machine import draft_by_machine
from amends.replies.follow_up import follow_up
from amends.replies.freeze import freeze
from amends.replies.models import ApprovalRequest, Delivery, MachineDraft, Promise
from amends.replies.receive_mail import receive_mail
from amends.replies.send import send
from amends.replies.watch_approval import watch_approval
from amends.replies.watch_promise import watch_promise
from amends.work.claim import Claim
from amends.work.models import WorkRow


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the journey: `name` stands in `next_step` of the rows that wait for it.

    `run_batch` does many rows at once and returns those that `run` must do one by one.
    """

    name: str
    works_on: type[WorkRow]
    run: Callable[[Claim[Any], Desk], None]
    run_batch: Callable[[Sequence[Claim[Any]], Desk], list[Claim[Any]]] | None = None


# Between decide and send stand people: they confirm the triage, write the reply, and who its level asks for
# approves it (cases/triage.py, replies/draft.py, replies/approve.py). No step passes them by.
STEPS: tuple[Step, ...] = (
    Step("send", Delivery, lambda claim, desk: send(claim, clock=desk.clock)),
    Step("listen", ChannelAccount, lambda claim, desk: listen(claim, clock=desk.clock)),
    # A mail first looks for the private conversation that it belongs to; else it is a comment like any.
    Step("receive_mail", RawEvent, lambda claim, desk: receive_mail(claim, clock=desk.clock)),
    Step(
        "capture",
        RawEvent,
        lambda claim, desk: capture(claim, clock=desk.clock),
        lambda claims, desk: capture_batch(claims, clock=desk.clock),
    ),
    Step(
        "classify",
        Version,
        lambda claim, desk: classify(claim, clock=desk.clock, classifier=desk.classifier),
    ),
    Step(
        "decide",
        Version,
        lambda claim, desk: decide(
            claim,
            clock=desk.clock,
            playbook=desk.playbook(claim.row.workspace_id),
            strikes=count_strikes,
        ),
    ),
    Step(
        "decide_again",
        Case,
        lambda claim, desk: decide_again(
            claim,
            clock=desk.clock,
            playbook=desk.playbook(claim.row.workspace_id),
            strikes=count_strikes,
        ),
    ),
    Step("route", Routing, lambda claim, desk: route(claim, clock=desk.clock)),
    Step("freeze", Version, lambda claim, desk: freeze(claim, clock=desk.clock)),
    Step("fetch_context", Version, lambda claim, desk: fetch_context(claim, clock=desk.clock)),
    Step(
        "fetch_attachment",
        AttachmentFile,
        lambda claim, desk: fetch_attachment(claim, clock=desk.clock, guard=outbound_guard()),
    ),
    Step("watch_clock", Case, lambda claim, desk: watch_clock(claim, clock=desk.clock)),
    Step("look_again", Case, lambda claim, desk: look_again(claim, clock=desk.clock)),
    Step("chase_task", DepartmentTask, lambda claim, desk: chase_task(claim, clock=desk.clock)),
    Step("mail_department", TaskMail, lambda claim, desk: mail_department(claim, clock=desk.clock)),
    Step(
        "watch_approval",
        ApprovalRequest,
        lambda claim, desk: watch_approval(claim, clock=desk.clock),
    ),
    Step("watch_promise", Promise, lambda claim, desk: watch_promise(claim, clock=desk.clock)),
    Step(
        "deliver_notice",
        NoticeDelivery,
        lambda claim, desk: deliver_notice(
            claim, clock=desk.clock, guard=outbound_guard(), knowledge=known_outside
        ),
    ),
    Step("follow_up", Delivery, lambda claim, desk: follow_up(claim, clock=desk.clock)),
    # Measures stand apart from the answer: no step of an answer leads to one, a person asks for it.
    Step("act_measure", Measure, lambda claim, desk: act_measure(claim, clock=desk.clock)),
    Step("undo_measure", Measure, lambda claim, desk: undo_measure(claim, clock=desk.clock)),
    Step("watch_measure", Measure, lambda claim, desk: watch_measure(claim, clock=desk.clock)),
    Step("watch_appeal", Appeal, lambda claim, desk: watch_appeal(claim, clock=desk.clock)),
)

# Beside the journey, in a thread of its own, so that long work never keeps a comment waiting.
BACKGROUND: tuple[Step, ...] = (
    Step(
        "draft_by_machine",
        MachineDraft,
        lambda claim, desk: draft_by_machine(claim, clock=desk.clock),
    ),
    Step(
        "import_file",
        FileImport,
        lambda claim, desk: import_file(claim, clock=desk.clock, settle=settle_files),
    ),
    # A hundred thousand old comments are judged as new ones are, but never before them.
    Step(
        "classify_history",
        Version,
        lambda claim, desk: classify(
            claim, clock=desk.clock, classifier=desk.classifier, then="decide_history"
        ),
    ),
    Step(
        "decide_history",
        Version,
        lambda claim, desk: decide(
            claim,
            clock=desk.clock,
            playbook=desk.playbook(claim.row.workspace_id),
            strikes=count_strikes,
        ),
    ),
    Step("what_if", WhatIf, lambda claim, desk: what_if(claim, clock=desk.clock)),
    Step(
        "learn",
        Training,
        lambda claim, desk: learn(
            claim, clock=desk.clock, lease=desk.lease, classifier=desk.classifier
        ),
    ),
    Step(
        "reassess",
        Reassessment,
        lambda claim, desk: reassess(claim, clock=desk.clock, classifier=desk.classifier),
    ),
)

# What leaves for the systems of others, in a third thread: a slow address keeps nobody waiting.
ERRANDS: tuple[Step, ...] = (
    Step(
        "deliver_webhook",
        WebhookDelivery,
        lambda claim, desk: deliver_webhook(claim, clock=desk.clock, guard=outbound_guard()),
    ),
)
