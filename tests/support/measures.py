"""A published policy, and people who ask for measures under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import Brand, TextKind, TextVersion, User
from amends.accounts.texts import publish_text, text_in_force
from amends.cases.classify import store_verdicts
from amends.cases.models import Case
from amends.cases.triage import TriageForm, words_to_judge
from amends.measures.confirm import confirm_measure
from amends.measures.guard import Wanted
from amends.measures.models import Measure, MeasureKind
from amends.measures.propose import propose_measure
from amends.measures.statement import StatementForm
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.bystander import STATEMENTS
from amends.replies.models import Reply
from amends_engine.classifier import TextInput
from tests.support.desk import ToldClassifier

HATE, INSULT, SPAM, SCAM, OFF_TOPIC = "hate", "insult", "advertising", "fraud", "off-topic"
GROUNDS = {
    HATE: "hate",
    INSULT: "profanity_targeted",
    SPAM: "spam",
    SCAM: "scam",
    OFF_TOPIC: "off_topic",
}
ABUSE = TriageForm(
    category="abuse",
    sentiment="negative",
    is_complaint=False,
    severity="medium",
    arousal="high",
)
MIXED = replace(ABUSE, category="business_error", is_complaint=True)


LADDER = "[warn, hide, remove, {temporary_ban: 30d}, permanent_ban, block, report, legal]"


def policy_text(grounds: dict[str, str] = GROUNDS, *, ladder: str = LADDER) -> str:
    """A policy as it is published, with one clause for each ground."""
    lines = ["kind: policy", "name: test", 'version: "1"', "languages: [en, tr]", "pages: {}"]
    lines.append("clauses:")
    for clause, ground in grounds.items():
        lines += [f"  - id: {clause}", f"    ground: {ground}", f"    ladder: {ladder}"]
        lines.append("    texts:")
        for code in ("en", "tr"):
            lines += [
                f"      {code}:",
                f"        title: {clause.title()}",
                f"        rule: No {clause} here.",
                "        example: An example of it.",
                "        consequence: We hide it.",
            ]
    return "\n".join(lines)


def publish_policy(brand: Brand, *, by: User, at: datetime, text: str = "") -> TextVersion:
    """Put a policy in force at a moment."""
    current = text_in_force(brand.workspace, kind=TextKind.POLICY, brand=brand)
    return publish_text(
        brand.workspace,
        kind=TextKind.POLICY,
        text=text or policy_text(),
        after=current.number if current else 0,
        by=by,
        now=at,
        brand=brand,
    )


@pytest.fixture
def policy(brand: Brand, owner: User, now: datetime) -> TextVersion:
    """The policy that was public long before anybody wrote."""
    return publish_policy(brand, by=owner, at=now - timedelta(days=30))


@dataclass
class Bench:
    """Asks for measures: one person acts, another one confirms."""

    desk: Desk
    actor: User
    second: User

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    def wanted(
        self, case: Case, kind: str, said: str = "", clause: str = HATE, **more: Any
    ) -> Wanted:
        version = words_to_judge(case)
        text = version.text if version else ""
        places: tuple[tuple[int, int], ...] = ()
        if said:
            start = max(text.find(said), 0)
            places = ((start, start + len(said)),)
        fields = {
            "kind": MeasureKind(kind),
            "clause": clause,
            "words": places,
            "quoted": (said,) if said else (),
        }
        return Wanted(**{**fields, **more})

    def triage(self, case: Case, form: TriageForm = ABUSE) -> None:
        triage_and_decide(case, form=form, by=self.actor, now=self.now, desk=self.desk)
        case.refresh_from_db()

    def ask(
        self, case: Case, kind: str, said: str = "", clause: str = HATE, **more: Any
    ) -> Measure:
        by = more.pop("by", self.actor)
        statement = more.pop("statement", StatementForm())
        case.refresh_from_db()
        wanted = self.wanted(case, kind, said, clause, **more)
        return propose_measure(case, wanted=wanted, statement=statement, by=by, now=self.now)

    def agree(self, measure: Measure, *, by: User | None = None, apart: bool = False) -> None:
        measure.refresh_from_db()
        confirm_measure(measure, by=by or self.second, now=self.now, criticism_apart=apart)
        measure.refresh_from_db()

    def send_statement(self, measure: Measure) -> None:
        """Bring the words to the author in the ordinary way."""
        reply = Reply.objects.get(pk=Measure.objects.get(pk=measure.pk).statement.reply_id)
        ask_for_approval(
            reply, by=self.actor, now=self.now, override="It is a statement.", agreed=STATEMENTS
        )
        reply = Reply.objects.get(pk=reply.pk)
        approve_reply(reply, digest=reply_digest(reply), by=self.second, now=self.now)


def engine_sees(case: Case, ground: str, *, now: datetime) -> None:
    """Let the engine name a ground of conduct in the latest words of a case."""
    version = words_to_judge(case)
    assert version is not None
    engine = ToldClassifier(category="abuse", ground=ground)
    (said,) = engine.assess([TextInput(id=version.pk, text=version.text)])
    store_verdicts([(version, said)], now=now)


@pytest.fixture
def bench(desk: Desk, agent: User, other_agent: User, policy: TextVersion) -> Bench:
    return Bench(desk, actor=agent, second=other_agent)


@pytest.fixture
def rude_case(make_case: Callable[..., Case]) -> Case:
    """An insult and nothing else."""
    return make_case("You are a filthy idiot, all of you.")
