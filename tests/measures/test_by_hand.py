"""Where the channel has no API: the same guard, a person's hands, and a ban that ends in its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.accounts.models import Notification, User
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors.kit.manifest import Mode
from amends.core.clock import ScriptedClock
from amends.measures.guard import capability_mode
from amends.measures.models import MeasureKind, MeasureStatus
from amends.measures.refusals import Refused
from amends.measures.settle import confirm_by_hand
from amends.measures.undo import confirm_undone
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.measures import HATE, Bench


def test_everything_can_be_done_by_hand(rude_case: Case) -> None:
    account = rude_case.comment.account
    for kind in (MeasureKind.HIDE, MeasureKind.BAN, MeasureKind.REPORT):
        assert capability_mode(account, kind) is Mode.ASSISTED


def test_the_guard_is_asked_before_a_persons_word_counts(
    bench: Bench, rude_case: Case, agent: User
) -> None:
    measure = bench.ask(rude_case, "block", "filthy idiot", HATE, skipped_because="Three accounts.")
    with pytest.raises(NotPossible):
        confirm_by_hand(measure, by=agent, clock=bench.desk.clock)
    type(measure).objects.filter(pk=measure.pk).update(status=MeasureStatus.READY)
    measure.refresh_from_db()
    with pytest.raises(Refused) as refused:
        confirm_by_hand(measure, by=agent, clock=bench.desk.clock)
    assert refused.value.codes == ("level_not_met",)
    assert not ActionLog.objects.filter(action="measure.act").exists()


def test_a_ban_by_hand_is_called_back_when_its_time_is_over(
    bench: Bench, rude_case: Case, agent: User, other_agent: User
) -> None:
    clock = bench.desk.clock
    assert isinstance(clock, ScriptedClock)
    until = bench.now + timedelta(days=2)
    measure = bench.ask(
        rude_case, "temporary_ban", "filthy idiot", until=until, skipped_because="Three accounts."
    )
    bench.agree(measure)
    confirm_by_hand(measure, by=agent, clock=clock)
    clock.advance(timedelta(days=2))
    run_until_idle(bench.desk)
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.UNDOING
    assert Notification.objects.filter(key=f"measure:{measure.pk}:end", user=agent).exists()
    confirm_undone(measure, by=other_agent, now=bench.now)
    assert measure.status == MeasureStatus.UNDONE
