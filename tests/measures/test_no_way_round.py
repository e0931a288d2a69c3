"""Whatever is called in whatever order, by code or by rows: criticism stays, and conduct needs its proof.

A machine makes sequences of everything that somebody with the code or the database in hand could try; the
channel writes down how things stood whenever something really happened to a comment or a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.accounts.models import TextVersion, User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors import registry
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.grant import ForgedGrant, MeasureGrant
from amends.core.clock import ScriptedClock
from amends.inbox.capture import capture_event
from amends.inbox.channels import open_account
from amends.inbox.models import ChannelAccount
from amends.measures import act
from amends.measures.confirm import confirm_measure, decline_measure
from amends.measures.models import Measure, MeasureKind, MeasureStatus
from amends.measures.refusals import Refused
from amends.measures.settle import settle_measure
from amends.measures.undo import take_back
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_due
from amends.record.append_only import AppendOnlyError
from amends.record.log import WORKER
from amends.record.models import Evidence
from amends.record.redact import AlreadyRedacted, redact_content
from amends_engine.classifier import UnreadableText
from tests.measures.recorder import KIND, Effect, module
from tests.support.comments import created
from tests.support.measure_rows import measure_row
from tests.support.measures import ABUSE, GROUNDS, MIXED, Bench, engine_sees

TEXT = "My parcel is lost, you filthy idiots! Buy cheap watches."
WORDS = ("parcel is lost", "filthy idiots", "Buy cheap watches", "")
HARMLESS = (
    NotPossible,
    NotAllowed,
    ForgedGrant,
    AppendOnlyError,
    AlreadyRedacted,
    ChannelError,
    UnreadableText,
)

KINDS = st.sampled_from([kind.value for kind in MeasureKind])
CLAUSES = st.sampled_from([*GROUNDS, "", "no such clause"])
PEOPLE = st.sampled_from(["actor", "second", "owner"])
STEPS = st.one_of(
    st.tuples(st.just("ask"), KINDS, CLAUSES, st.sampled_from(WORDS), PEOPLE),
    st.tuples(st.just("agree"), PEOPLE, st.booleans()),
    st.tuples(st.just("decline"), PEOPLE),
    st.tuples(st.just("take_back"), PEOPLE),
    st.tuples(st.just("send_statement")),
    st.tuples(st.just("settle"), st.booleans()),
    st.tuples(st.just("triage"), st.booleans()),
    st.tuples(st.just("engine_sees"), st.sampled_from(["none", "hate"])),
    st.tuples(st.just("edit")),
    st.tuples(st.just("redact")),
    st.tuples(st.just("write_row"), KINDS, CLAUSES, st.sampled_from(list(MeasureStatus.values))),
    st.tuples(st.just("set_status"), st.sampled_from(list(MeasureStatus.values))),
    st.tuples(st.just("call_channel"), st.sampled_from(["hide", "delete_others", "ban", "block"])),
    st.tuples(st.just("ask_for_grant")),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 25 * 60])),
)


class Attempt:
    """One world in which a sequence is tried."""

    def __init__(self, case: Case, bench: Bench, owner: User, policy: TextVersion) -> None:
        self.case, self.bench, self.policy = case, bench, policy
        self.people = {"actor": bench.actor, "second": bench.second, "owner": owner}
        self.edits = 0

    @property
    def now(self) -> datetime:
        return self.bench.now

    @property
    def last(self) -> Measure | None:
        return Measure.objects.order_by("-pk").first()

    def run(self, step: tuple[Any, ...]) -> None:
        name, *rest = step
        with suppress(*HARMLESS, IntegrityError), transaction.atomic():
            getattr(self, name)(*rest)
        run_due(self.bench.desk, limit=20)

    def ask(self, kind: str, clause: str, words: str, who: str) -> None:
        until = self.now + timedelta(days=3) if kind == "temporary_ban" else None
        with suppress(Refused):  # its log entry stays
            self.bench.ask(
                self.case,
                kind,
                words if words in TEXT else "",
                clause,
                until=until,
                skipped_because="Tried.",
                by=self.people[who],
            )

    def agree(self, who: str, apart: bool) -> None:
        if self.last:
            confirm_measure(self.last, by=self.people[who], now=self.now, criticism_apart=apart)

    def decline(self, who: str) -> None:
        if self.last:
            decline_measure(self.last, reason="no", by=self.people[who], now=self.now)

    def take_back(self, who: str) -> None:
        if self.last:
            take_back(self.last, reason="no", by=self.people[who], now=self.now)

    def send_statement(self) -> None:
        last = self.last
        if last is not None and hasattr(last, "statement") and last.statement.reply_id:
            self.bench.send_statement(last)

    def settle(self, stands: bool) -> None:
        if self.last:
            settle_measure(self.last, stands=stands, by=self.bench.actor, now=self.now)

    def triage(self, is_mixed: bool) -> None:
        self.case.refresh_from_db()
        self.bench.triage(self.case, MIXED if is_mixed else ABUSE)

    def engine_sees(self, ground: str) -> None:
        self.case.refresh_from_db()
        engine_sees(self.case, ground, now=self.now)

    def edit(self) -> None:
        self.edits += 1
        at = self.now
        event = created("c-1", at=at, text=f"{TEXT} ({self.edits})", version_key=f"e{self.edits}")
        capture_event(event, account=self.case.comment.account, now=at)

    def redact(self) -> None:
        content = self.case.comment.versions.order_by("-pk")[0].content
        if content is not None:
            redact_content(content, actor=WORKER, reason="asked", now=self.now)

    def write_row(self, kind: str, clause: str, status: str) -> None:
        version = self.case.comment.versions.order_by("-pk")[0]
        evidence = Evidence.objects.order_by("-pk").first()
        if evidence is not None:
            self._write(kind, clause, status, version=version, evidence=evidence)

    def _write(self, kind: str, clause: str, status: str, **values: Any) -> None:
        measure_row(
            self.case,
            policy=self.policy,
            by=self.bench.actor,
            now=self.now,
            kind=kind,
            clause=clause or "x",
            ground=GROUNDS.get(clause, "hate"),
            until=self.now + timedelta(days=3) if kind == "temporary_ban" else None,
            status=status,
            key=uuid.uuid4().hex,
            next_step="act_measure",
            due_at=self.now,
            **values,
        )

    def set_status(self, status: str) -> None:
        """What the tables let anybody change: how far a measure is."""
        if self.last:
            Measure.objects.filter(pk=self.last.pk).update(
                status=status, next_step="act_measure", due_at=self.now
            )

    def call_channel(self, method: str) -> None:
        channel = open_account(self.case.comment.account, clock=self.bench.desk.clock)
        made: MeasureGrant = object.__new__(MeasureGrant)
        getattr(channel, method)(made)

    def ask_for_grant(self) -> None:
        if self.last:
            act.grant_for(self.last, now=self.now)

    def wait(self, minutes: int) -> None:
        clock = self.bench.desk.clock
        assert isinstance(clock, ScriptedClock)
        clock.advance(timedelta(minutes=minutes))


def assert_defensible(effect: Effect) -> None:
    """What must be true whenever something happened to a comment or a person."""
    measure = effect.measure
    text = measure.version.text
    assert GROUNDS[measure.clause] == measure.ground
    assert measure.words
    assert all(0 <= start < end <= len(text) for start, end in measure.words)
    assert effect.is_evidence_sound
    assert measure.evidence.captured_at <= measure.acted_at
    assert effect.is_logged
    is_tier_a, is_spam = measure.ground in {"hate", "scam"}, measure.ground == "spam"
    is_removal = effect.action in {"hide", "delete_others"}
    if is_removal:
        assert effect.is_latest
    if is_removal and not is_tier_a:
        assert not effect.is_criticism_confirmed
    if not is_tier_a and not is_spam:
        assert effect.was_warned
    if not is_tier_a and measure.is_criticism:
        assert effect.others_apart
    if measure.is_criticism and not effect.is_tier_a_seen:
        assert effect.others
    if effect.action in {"ban", "block"} or not (is_tier_a or is_spam):
        assert effect.others


@pytest.fixture
def begin(
    account: ChannelAccount,
    make_case: Callable[..., Case],
    owner: User,
    agent: User,
    other_agent: User,
    policy: TextVersion,
    now: datetime,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[list[Effect]], Attempt]:
    """A new world on a channel that records into the list."""

    def make(effects: list[Effect]) -> Attempt:
        kinds = {**registry._modules(), KIND: module(effects)}
        monkeypatch.setattr(registry, "_modules", lambda: kinds)
        own = Desk(clock=ScriptedClock(now), lease=desk.lease)
        own.classifier = desk.classifier
        ChannelAccount.objects.filter(pk=account.pk).update(kind=KIND, external_id="us")
        account.refresh_from_db()
        case = make_case(TEXT, external_id="c-1")
        return Attempt(case, Bench(own, actor=agent, second=other_agent), owner, policy)

    return make


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=2, max_size=14))
def test_no_sequence_of_calls_passes_the_guard(
    steps: list[tuple[Any, ...]], begin: Callable[[list[Effect]], Attempt]
) -> None:
    effects: list[Effect] = []
    world = transaction.savepoint()
    try:
        attempt = begin(effects)
        for step in steps:
            attempt.run(step)
            for effect in effects:
                assert_defensible(effect)
    finally:
        transaction.savepoint_rollback(world)


def test_the_ordinary_way_leads_somewhere(begin: Callable[[list[Effect]], Attempt]) -> None:
    """Without this the property above could hold because nothing ever happens."""
    effects: list[Effect] = []
    attempt = begin(effects)
    attempt.run(("engine_sees", "hate"))
    attempt.run(("ask", "hide", "hate", "filthy idiots", "actor"))
    attempt.run(("ask", "block", "hate", "filthy idiots", "actor"))
    attempt.run(("agree", "second", True))  # an agent is not enough for a block
    assert [one.action for one in effects] == ["hide"]
    attempt.run(("agree", "owner", True))
    assert [one.action for one in effects] == ["hide", "block"]


def test_tier_b_goes_all_its_way(begin: Callable[[list[Effect]], Attempt]) -> None:
    """Warned and heard, triaged, confirmed: only then something happens."""
    effects: list[Effect] = []
    attempt = begin(effects)
    attempt.run(("triage", False))
    attempt.run(("ask", "warn", "insult", "filthy idiots", "actor"))
    attempt.run(("agree", "second", True))
    attempt.run(("ask", "hide", "insult", "filthy idiots", "actor"))
    assert not effects
    attempt.run(("send_statement",))
    attempt.run(("wait", 30))
    attempt.run(("ask", "hide", "insult", "filthy idiots", "actor"))
    assert not effects
    attempt.run(("agree", "second", False))
    assert not effects
    attempt.run(("agree", "second", True))
    assert [one.action for one in effects] == ["hide"]
    for effect in effects:
        assert_defensible(effect)
