"""Measures on a real network: done, undone, ended by themselves, and never done twice blindly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amends.accounts.models import Notification, User
from amends.cases.transitions import NotPossible
from amends.connectors.channels import sandbox
from amends.connectors.kit.errors import ChannelError
from amends.core.vocabulary import GoneCause
from amends.inbox.models import Version
from amends.measures.confirm import decline_measure
from amends.measures.ladder import DECAY
from amends.measures.models import Measure, MeasureStatus
from amends.measures.settle import settle_measure
from amends.measures.strikes import strikes_of
from amends.measures.undo import take_back
from amends.record.models import ActionLog
from amends.reports.transparency import Period, transparency_report
from amends.sandbox.errors import RefusedError
from amends.sandbox.models import Moderation, Post
from tests.support.measures import HATE, INSULT, SPAM, Bench
from tests.support.street import Street

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]
RUDE = "You are a filthy idiot, all of you."


def test_hate_is_hidden_at_once_and_shown_again_when_the_second_person_disagrees(
    street: Street, street_bench: Bench, other_agent: User
) -> None:
    post = street.write(RUDE)
    measure = street_bench.ask(street.case_of(post), "hide", "filthy idiot")
    street.let_pass()
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    assert Post.objects.get(pk=post.pk).hidden_by == street.shop
    assert Notification.objects.filter(kind="measure", user=other_agent).exists()

    decline_measure(measure, reason="That is no hate.", by=other_agent, now=street.clock.now())
    street.let_pass()
    measure.refresh_from_db()
    assert (measure.status, measure.undone_because) == (MeasureStatus.UNDONE, "not_confirmed")
    assert Post.objects.get(pk=post.pk).hidden_by is None
    codes = ActionLog.objects.filter(action__startswith="measure.").values_list("action", flat=True)
    assert list(codes) == ["measure.propose", "measure.act", "measure.decline", "measure.undo"]


def test_a_removed_comment_becomes_a_tombstone_of_ours_and_comes_back(
    street: Street, street_bench: Bench, other_agent: User
) -> None:
    """S2.12, S3.7: what was removed is watched; its words stay readable for us."""
    post = street.write(RUDE)
    measure = street_bench.ask(street.case_of(post), "delete", "filthy idiot")
    street.let_pass()
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    street.let_pass()
    tombstone = Version.objects.get(comment=measure.comment, is_tombstone=True)
    assert tombstone.gone_cause == GoneCause.US
    assert measure.version.text == RUDE

    measure.refresh_from_db()
    take_back(measure, reason="Too hasty.", by=other_agent, now=street.clock.now())
    street.let_pass()
    assert not Post.objects.get(pk=post.pk).is_gone
    street.let_pass()
    assert not measure.comment.versions.order_by("-occurred_at", "-key")[0].is_tombstone
    assert not strikes_of(measure.author, now=street.clock.now()).exists()


def test_a_ban_ends_by_itself(street: Street, street_bench: Bench) -> None:
    """S4.11, K21: for a time, and the time ends."""
    post = street.write(RUDE)
    case = street.case_of(post)
    street_bench.ask(case, "hide", "filthy idiot")
    street.let_pass()
    until = street.clock.now() + timedelta(days=7)
    ban = street_bench.ask(case, "temporary_ban", "filthy idiot", until=until)
    assert ban.status == MeasureStatus.WAITING
    street_bench.agree(ban)
    street.let_pass()
    with pytest.raises(RefusedError, match="until"):
        street.write("And another thing")

    street.let_pass(timedelta(days=7))
    street.let_pass()
    ban.refresh_from_db()
    assert (ban.status, ban.undone_because) == (MeasureStatus.UNDONE, "expired")
    assert Moderation.objects.get(key=ban.key).lifted_at is not None
    assert street.write("Hello again").pk
    assert ban in strikes_of(ban.author, now=street.clock.now())


def test_strikes_decay_and_a_contact_is_none(street: Street, street_bench: Bench) -> None:
    post = street.write(RUDE)
    measure = street_bench.ask(street.case_of(post), "hide", "filthy idiot")
    street.let_pass()
    now = street.clock.now()
    assert list(strikes_of(measure.author, now=now)) == [measure]
    assert not strikes_of(measure.author, now=now + DECAY).exists()


def test_a_warning_counts_once_its_words_were_sent(street: Street, street_bench: Bench) -> None:
    post = street.write(RUDE)
    case = street.case_of(post)
    street_bench.triage(case)
    warning = street_bench.ask(case, "warn", "filthy idiot", INSULT)
    street_bench.agree(warning, apart=True)
    street.let_pass(timedelta(minutes=2))
    warning.refresh_from_db()
    assert warning.status == MeasureStatus.READY
    street_bench.send_statement(warning)
    street.let_pass()
    street.let_pass(timedelta(minutes=2))
    warning.refresh_from_db()
    assert warning.status == MeasureStatus.DONE
    answer = Post.objects.get(parent=post)
    assert "appeal" in answer.text
    case.refresh_from_db()
    assert case.status == "triaged"
    assert case.first_replied_at is None  # a statement is no answer


def test_a_thread_of_somebody_else_is_not_ours_to_tidy(street: Street, street_bench: Bench) -> None:
    post = publish_elsewhere(street)
    measure = street_bench.ask(street.case_of(post), "hide", "filthy idiot")
    street.let_pass()
    measure.refresh_from_db()
    assert (measure.status, measure.error_code) == (MeasureStatus.FAILED, "refused")


def publish_elsewhere(street: Street) -> Post:
    from amends.sandbox.publish import PostDraft, publish_post

    text = "@lumbara You are a filthy idiot."
    return publish_post(
        PostDraft(author=street.author, text=text, lang="en"), now=street.clock.now()
    )


def test_a_lost_answer_is_looked_up_and_not_repeated(
    street: Street, street_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = street.write(RUDE)
    case = street.case_of(post)
    done, calls = sandbox.Channel.report, []

    def lose_the_answer(channel: Any, grant: Any) -> Any:
        calls.append(done(channel, grant))
        raise ChannelError("no answer", maybe_done=True)

    monkeypatch.setattr(sandbox.Channel, "report", lose_the_answer)
    measure = street_bench.ask(case, "report", "filthy idiot")
    street.let_pass()
    street.let_pass(timedelta(minutes=1))
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    assert len(calls) == Moderation.objects.count() == 1


def test_a_crash_between_act_and_store_is_looked_up(
    street: Street, street_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = street.write(RUDE)
    measure = street_bench.ask(street.case_of(post), "hide", "filthy idiot")
    kept = "amends.measures.act.mark_done"

    def crash(*args: Any, **kwargs: Any) -> None:
        raise OSError("killed")

    with monkeypatch.context() as killed:
        killed.setattr(kept, crash)
        street.let_pass()
    assert Measure.objects.get(pk=measure.pk).status == MeasureStatus.ACTING
    street.let_pass(timedelta(minutes=5))
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    assert Moderation.objects.count() == 1


def test_what_cannot_be_looked_up_waits_for_a_person(
    street: Street, street_bench: Bench, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(channel: Any, grant: Any) -> Any:
        raise ChannelError("no answer", maybe_done=True)

    def cannot_tell(channel: Any, action: Any, target: Any) -> Any:
        raise ChannelError("nobody says", permanent=True, code="cannot_tell")

    monkeypatch.setattr(sandbox.Channel, "report", lost)
    monkeypatch.setattr(sandbox.Channel, "find_measure", cannot_tell)
    measure = street_bench.ask(street.case_of(street.write(RUDE)), "report", "filthy idiot")
    for _ in range(12):
        street.let_pass(timedelta(minutes=20))
    measure.refresh_from_db()
    assert (measure.status, measure.due_at) == (MeasureStatus.UNKNOWN, None)
    settle_measure(measure, stands=False, by=agent, now=street.clock.now())
    with pytest.raises(NotPossible):
        settle_measure(measure, stands=True, by=agent, now=street.clock.now())
    assert not Moderation.objects.exists()


def test_an_edit_before_the_act_stops_it(street: Street, street_bench: Bench) -> None:
    """S3.8: every version is kept, and only the one that was judged is acted upon."""
    from amends.sandbox.publish import edit_post

    post = street.write(RUDE)
    measure = street_bench.ask(street.case_of(post), "hide", "filthy idiot")
    edit_post(post, text="Sorry. My parcel is late.", now=street.clock.now())
    street.let_pass()
    measure.refresh_from_db()
    assert (measure.status, measure.error_code) == (MeasureStatus.FAILED, "comment_changed")
    assert Post.objects.get(pk=post.pk).hidden_by is None


def test_the_second_person_is_called_when_late(
    street: Street, street_bench: Bench, other_agent: User
) -> None:
    """C14: act, and review after: within a day."""
    street_bench.ask(street.case_of(street.write(RUDE)), "hide", "filthy idiot", HATE)
    street.let_pass()
    for _ in range(2):
        street.let_pass(timedelta(hours=12, minutes=1))
    told = Notification.objects.filter(user=other_agent, kind="measure")
    assert told.count() == 3
    assert ActionLog.objects.filter(action="measure.late").count() == 1


def test_spam_is_removed_and_its_sender_is_told_nothing(
    street: Street, street_bench: Bench
) -> None:
    """S2.33, R9: bulk advertising gets no statement."""
    street.desk.classifier().category = "spam"
    post = street.write("Buy cheap watches at shop.example")
    case = street.case_of(post)
    street_bench.triage(case)
    measure = street_bench.ask(case, "delete", "Buy cheap watches", SPAM, is_bulk=True)
    street_bench.agree(measure, apart=True)  # the engine took it for a complaint
    street.let_pass()
    assert Post.objects.get(pk=post.pk).is_gone
    assert not hasattr(Measure.objects.get(pk=measure.pk), "statement")


def test_the_ledger_counts_no_criticism_removed_from_what_was_really_done(
    street: Street, street_bench: Bench
) -> None:
    """K23: computed from the log, also where the engine had taken spam for a complaint."""
    case = street.case_of(street.write("Buy cheap watches at shop.example"))
    measure = street_bench.ask(case, "delete", "Buy cheap watches", SPAM)
    assert measure.is_criticism
    street_bench.agree(measure, apart=True)
    street.let_pass()
    rude = street.case_of(street.write(RUDE))
    street_bench.ask(rude, "hide", "filthy idiot", HATE)
    street.let_pass()
    now = street.clock.now()
    period = Period(now - timedelta(days=1), now + timedelta(days=1))
    report = transparency_report(case.brand, period=period)
    assert (report.measures, report.criticism_removed, report.mixed_removed) == (2, 0, 1)
