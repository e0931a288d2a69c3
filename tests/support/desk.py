"""The desk of a test: a clock that the test moves, a classifier that says what the test wants, the verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from amends.accounts.models import User
from amends.cases.decide import recommend
from amends.cases.models import Case
from amends.cases.open import case_for
from amends.cases.triage import TriageForm
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import begin_reply, save_draft
from amends.replies.models import Delivery, Promise, Reply
from amends.replies.promise import make_promise
from amends_engine.classifier import (
    FLAGS,
    Assessment,
    EngineName,
    Label,
    LanguageGuess,
    TextInput,
    Truth,
    UnreadableText,
)

WHY = "The test needs these words."  # for texts that the linter stops, where it is not the matter

FORM = TriageForm(
    category="business_error",
    sentiment="negative",
    is_complaint=True,
    severity="medium",
    arousal="low",
)


@dataclass
class ToldClassifier:
    """Says the same of every text; `fails` makes it raise, blank texts it cannot read."""

    category: str = "business_error"
    severity: str = "medium"
    language: str = "tr"
    ground: str = "none"
    is_sure: bool = True
    fails: Exception | None = None
    flags: dict[str, bool] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    engine: EngineName = field(default_factory=lambda: EngineName("told", "1"))

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        if self.fails is not None:
            raise self.fails
        return [self._assess(one) for one in texts]

    def _assess(self, text: TextInput) -> Assessment:
        if not text.text.strip():
            raise UnreadableText("nothing to read")
        self.seen.append(text.text)
        return Assessment(
            id=text.id,
            language=LanguageGuess(self.language, 0.9),
            sentiment=self._label("negative"),
            complaint=Truth(True, 0.9, self.is_sure),
            category=self._label(self.category),
            severity=self._label(self.severity),
            arousal=self._label("low"),
            policy_ground=self._label(self.ground),
            engine=self.engine,
            flags={**dict.fromkeys(FLAGS, False), **self.flags},
            flag_scores=dict.fromkeys(FLAGS, 0.0),
        )

    def _label(self, label: str) -> Label:
        return Label(label, 0.9, self.is_sure)


@pytest.fixture
def clock(now: datetime) -> ScriptedClock:
    return ScriptedClock(now)


@pytest.fixture
def classifier() -> ToldClassifier:
    return ToldClassifier()


@pytest.fixture
def desk(clock: ScriptedClock, classifier: ToldClassifier) -> Desk:
    made = Desk(clock=clock, lease=timedelta(seconds=60))
    made.classifier = lambda: classifier
    return made


@pytest.fixture
def make_case(
    make_comment: Callable[..., Comment], desk: Desk, now: datetime
) -> Callable[..., Case]:
    """A case with a preliminary recommendation, as it is before anybody looked at it."""

    def make(text: str = "Kargom nerede?", **values: object) -> Case:
        lane = values.pop("lane", "open")
        comment = make_comment(text, **values)
        with transaction.atomic():
            case = case_for(comment, now=now)
            recommend(case, playbook=desk.playbook(case.workspace_id), now=now)
        if lane != "open":
            Case.objects.filter(pk=case.pk).update(lane=lane)
        return Case.objects.get(pk=case.pk)

    return make


@dataclass
class Colleagues:
    """Who works on a case in a test: one writes, the other approves."""

    desk: Desk
    writer: User
    approver: User

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    def triage(self, case: Case, form: TriageForm = FORM) -> None:
        triage_and_decide(case, form=form, by=self.writer, now=self.now, desk=self.desk)
        case.refresh_from_db()

    def draft(self, case: Case, text: str = "Paketiniz bugün çıkıyor. Elif") -> Reply:
        case.refresh_from_db()
        if case.status == "new":
            self.triage(case)
        reply = begin_reply(case, by=self.writer, now=self.now)
        return save_draft(reply, text=text, revision=reply.revision, by=self.writer, now=self.now)

    def promise(self, case: Case, text: str, /, **changes: Any) -> Promise:
        """Enter what a text promises into the register."""
        said = {
            "text": text,
            "owner": self.writer,
            "promised_for": self.now + timedelta(hours=5),
            "by": self.writer,
            "now": self.now,
        } | changes
        return make_promise(case, **said)

    def ask(self, case: Case, text: str = "Paketiniz bugün çıkıyor. Elif") -> Reply:
        reply = self.draft(case, text)
        ask_for_approval(reply, by=self.writer, now=self.now, override=WHY, agreed=STATEMENTS)
        return Reply.objects.get(pk=reply.pk)

    def approve(self, case: Case, text: str = "Paketiniz bugün çıkıyor. Elif") -> Delivery:
        reply = self.ask(case, text)
        return approve_reply(reply, digest=reply_digest(reply), by=self.approver, now=self.now)


@pytest.fixture
def colleagues(desk: Desk, agent: User, other_agent: User) -> Colleagues:
    return Colleagues(desk, writer=agent, approver=other_agent)
