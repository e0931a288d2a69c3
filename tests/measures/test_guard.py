"""What the criticism guard refuses, and what it lets pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amends.accounts.models import Brand, TextKind, TextVersion, User
from amends.accounts.permissions import NotAllowed
from amends.accounts.texts import publish_text
from amends.cases.models import Case
from amends.core.policy.schema import load_shipped_policy
from amends.measures.clauses import announced
from amends.measures.ladder import REMOVALS, tier_of
from amends.measures.models import Measure, MeasureStatus, ReviewPage
from amends.measures.propose import propose_measure
from amends.measures.refusals import REFUSALS, Refused
from amends.measures.statement import (
    StatementForm,
    is_complete,
    suggest_facts,
    word_statement,
)
from amends.record.log import Actor
from amends.record.models import ActionLog, Evidence
from amends.record.redact import redact_content
from tests.support.measures import (
    ABUSE,
    HATE,
    INSULT,
    MIXED,
    OFF_TOPIC,
    SPAM,
    Bench,
    engine_sees,
    policy_text,
    publish_policy,
)

CRITICISM = "Six days and nothing. Your service is the worst I have ever seen."


def codes_of(
    bench: Bench, case: Case, kind: str, said: str = "", clause: str = HATE, **more: object
) -> set[str]:
    with pytest.raises(Refused) as refused:
        bench.ask(case, kind, said, clause, **more)
    return set(refused.value.codes)


def test_criticism_has_no_clause_and_is_not_deleted(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    """S0.11, S2.11, S3.6: do not delete negative comments."""
    case = make_case(CRITICISM)
    bench.triage(case, MIXED)
    assert "no_clause" in codes_of(bench, case, "delete", clause="")
    assert not Measure.objects.exists()


def test_hiding_passes_the_same_gate_as_deleting(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    """S0.12: do not hide."""
    case = make_case(CRITICISM)
    bench.triage(case, MIXED)
    for kind in ("hide", "delete"):
        assert "mixed_post_stays" in codes_of(bench, case, kind, "the worst", INSULT)


def test_a_clause_without_a_ground_of_conduct_holds_nothing(
    bench: Bench, brand: Brand, owner: User, make_case: Callable[..., Case], now: datetime
) -> None:
    """S2.35, S4.14: on the topic and negative is never removed, whatever a policy says."""
    text = policy_text({"sad": "negative_sentiment"})
    at = now - timedelta(days=1)
    publish_text(
        brand.workspace, kind=TextKind.POLICY, text=text, after=1, by=owner, now=at, brand=brand
    )
    case = make_case(CRITICISM)
    bench.triage(case, ABUSE)
    assert "no_policy" in codes_of(bench, case, "delete", "the worst", "sad")


def test_what_was_not_announced_in_public_does_not_follow(
    bench: Bench, brand: Brand, owner: User, rude_case: Case, now: datetime
) -> None:
    """S4.10: say what follows a breach, and let nothing else follow."""
    text = policy_text({"hate": "hate"}, ladder="[hide, {temporary_ban: 7d}]")
    publish_policy(brand, by=owner, at=now - timedelta(days=1), text=text)
    assert "not_announced" in codes_of(bench, rude_case, "delete", "filthy")
    until = bench.now + timedelta(days=8)
    assert "longer_than_announced" in codes_of(
        bench, rude_case, "temporary_ban", "filthy", until=until, skipped_because="x"
    )
    assert bench.ask(rude_case, "hide", "filthy").pk


def test_only_the_policy_that_was_public_then_counts(
    bench: Bench, brand: Brand, owner: User, make_case: Callable[..., Case], now: datetime
) -> None:
    case = make_case("Buy cheap watches", published_at=now - timedelta(days=2))
    text = policy_text({"watches": "spam"})
    at = now - timedelta(days=1)
    publish_text(
        brand.workspace, kind=TextKind.POLICY, text=text, after=1, by=owner, now=at, brand=brand
    )
    assert "no_clause" in codes_of(bench, case, "hide", "cheap", "watches")
    assert bench.ask(case, "hide", "cheap", SPAM).policy.number == 1


def test_without_a_published_policy_nothing_is_done(
    bench: Bench, make_case: Callable[..., Case], now: datetime
) -> None:
    case = make_case("Buy cheap watches", published_at=now - timedelta(days=60))
    assert "no_policy" in codes_of(bench, case, "hide", "cheap", SPAM)


@pytest.mark.parametrize(
    ("places", "quoted"),
    [
        ((), ()),
        (((0, 0),), ("",)),
        (((-1, 3),), ("You",)),
        (((0, 9999),), ("You",)),
        (((3, 1),), ("You",)),
        (((3, 4),), (" ",)),
        (((0, 5), (3, 8)), ("You a", " are ")),
        (((0, 3),), ("you",)),
    ],
)
def test_the_marked_words_must_stand_there_to_the_letter(
    bench: Bench,
    rude_case: Case,
    places: tuple[tuple[int, int], ...],
    quoted: tuple[str, ...],
) -> None:
    found = codes_of(bench, rude_case, "hide", words=places, quoted=quoted)
    assert {"no_words", "words_not_there"} & found


def test_erased_words_prove_nothing(bench: Bench, rude_case: Case, now: datetime) -> None:
    content = rude_case.comment.versions.get().content
    assert content is not None
    redact_content(content, actor=Actor.person(id="1", label="A"), reason="asked", now=now)
    assert "no_evidence" in codes_of(
        bench, rude_case, "hide", "", HATE, words=((0, 3),), quoted=None
    )


def test_the_evidence_is_captured_before_anything_happens(bench: Bench, rude_case: Case) -> None:
    measure = bench.ask(rude_case, "hide", "filthy idiot")
    evidence = Evidence.objects.get(subject_kind="measure", subject_id=measure.key)
    assert measure.evidence == evidence
    assert evidence.captured_at <= measure.acted_at
    assert "filthy idiot" in evidence.content.payload


def test_racism_is_acted_upon_at_once_and_looked_at_afterwards(
    bench: Bench, rude_case: Case
) -> None:
    """S0.15, S2.34, S3.9: hate is removed without hesitation; the second person comes within a day."""
    engine_sees(rude_case, "hate", now=bench.now)
    measure = bench.ask(rude_case, "delete", "filthy idiot", HATE)
    assert measure.tier == "A"
    assert not measure.is_confirmed_before
    assert (measure.status, measure.mode) == (MeasureStatus.READY, "assisted")


def test_an_insult_is_warned_about_first(bench: Bench, rude_case: Case) -> None:
    """C2: tier B after one warning."""
    bench.triage(rude_case)
    assert "warn_first" in codes_of(bench, rude_case, "hide", "idiot", INSULT)
    assert bench.ask(rude_case, "warn", "idiot", INSULT).status == MeasureStatus.READY


def test_spam_needs_no_warning(bench: Bench, make_case: Callable[..., Case]) -> None:
    measure = bench.ask(make_case("Buy cheap watches at shop.example"), "delete", "Buy cheap", SPAM)
    assert measure.level in {"A0", "A1"}


def test_a_mixed_post_is_warned_about_and_stays(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    """C1, D17: answer the complaint, warn about the insult, keep the post."""
    case = make_case("My parcel is lost, you filthy idiots!")
    bench.triage(case, MIXED)
    assert "mixed_post_stays" in codes_of(bench, case, "hide", "filthy idiots", INSULT)
    warning = bench.ask(case, "warn", "filthy idiots", INSULT)
    assert warning.is_criticism
    assert (
        warning.status == MeasureStatus.WAITING
    )  # a second person says that the insult is the matter


def test_a_mixed_post_with_hate_may_go(bench: Bench, make_case: Callable[..., Case]) -> None:
    case = make_case("My parcel is lost, you filthy idiots!")
    bench.triage(case, MIXED)
    engine_sees(case, "hate", now=bench.now)
    assert bench.ask(case, "hide", "filthy idiots", HATE).status == MeasureStatus.READY


@pytest.mark.parametrize("ground", ["none", "spam", "profanity_targeted"])
def test_nobody_alone_calls_a_complaint_hate(
    bench: Bench, make_case: Callable[..., Case], ground: str
) -> None:
    """C1: where nobody beside the actor sees such a ground, the second person comes before the act."""
    case = make_case("My parcel is lost. The worst shop of all.")
    bench.triage(case, MIXED)
    engine_sees(case, ground, now=bench.now)
    measure = bench.ask(case, "hide", "The worst shop", HATE)
    assert measure.is_confirmed_before
    assert measure.status == MeasureStatus.WAITING
    bench.agree(measure)
    assert measure.status == MeasureStatus.READY


def test_removal_of_tier_b_waits_for_the_triage(bench: Bench, rude_case: Case) -> None:
    assert "triage_first" in codes_of(bench, rude_case, "hide", "idiot", OFF_TOPIC)


def test_a_review_on_our_own_shop_is_never_deleted(
    bench: Bench, make_case: Callable[..., Case], owner: User, now: datetime
) -> None:
    """domain.md 2.3 TR: good and bad reviews stay alike."""
    case = make_case("You are filthy idiots")
    ReviewPage.objects.create(account=case.comment.account, country="TR", set_by=owner, set_at=now)
    assert "review_locked" in codes_of(bench, case, "delete", "filthy", HATE)
    assert "review_locked" in codes_of(bench, case, "hide", "filthy", SPAM)
    assert bench.ask(case, "hide", "filthy", HATE).pk


def test_a_ban_for_a_time_needs_its_end(bench: Bench, rude_case: Case) -> None:
    """S4.11: for a time or for good."""
    assert "needs_an_end" in codes_of(bench, rude_case, "temporary_ban", "filthy")
    past = bench.now - timedelta(minutes=1)
    assert "needs_an_end" in codes_of(bench, rude_case, "temporary_ban", "filthy", until=past)
    later = bench.now + timedelta(days=3)
    assert "has_no_end" in codes_of(bench, rude_case, "ban", "filthy", until=later)


def test_skipping_a_rung_needs_a_reason(bench: Bench, rude_case: Case) -> None:
    later = bench.now + timedelta(days=3)
    assert "rung_skipped" in codes_of(bench, rude_case, "temporary_ban", "filthy", until=later)
    measure = bench.ask(
        rude_case, "temporary_ban", "filthy", until=later, skipped_because="The third account."
    )
    assert measure.skipped_because == "The third account."


def test_hate_is_reported_without_a_reason_for_skipping(bench: Bench, rude_case: Case) -> None:
    """S2.33, G2: reporting stands beside the removal."""
    assert bench.ask(rude_case, "report", "filthy").kind == "report"


def test_the_same_is_not_done_twice(bench: Bench, rude_case: Case) -> None:
    bench.ask(rude_case, "hide", "filthy")
    assert "already_done" in codes_of(bench, rude_case, "hide", "filthy")


def test_a_refused_try_is_logged_without_its_words(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    case = make_case(CRITICISM)
    bench.triage(case, MIXED)
    codes_of(bench, case, "delete", "the worst", INSULT)
    entry = ActionLog.objects.get(action="measure.refused")
    assert entry.data["codes"]
    assert set(entry.data["codes"]) <= set(REFUSALS)
    assert entry.data["kind"] == "delete"
    assert "worst" not in str(entry.data)


def test_a_viewer_and_a_stranger_may_not_ask(
    bench: Bench, rude_case: Case, viewer: User, stranger: User, counsel: User
) -> None:
    for person in (viewer, stranger, counsel):
        wanted = bench.wanted(rude_case, "hide", "filthy")
        with pytest.raises(NotAllowed):
            propose_measure(
                rude_case, wanted=wanted, statement=StatementForm(), by=person, now=bench.now
            )


def test_an_agent_cannot_act_in_a_lane_that_is_closed_to_them(
    bench: Bench, make_case: Callable[..., Case]
) -> None:
    case = make_case("You are filthy idiots", lane="threat")
    with pytest.raises(NotAllowed):
        bench.ask(case, "hide", "filthy")


def test_the_policy_version_is_named(bench: Bench, rude_case: Case, policy: TextVersion) -> None:
    measure = bench.ask(rude_case, "hide", "filthy idiot")
    assert (measure.policy, measure.clause, measure.ground) == (policy, HATE, "hate")
    assert measure.words == [[10, 22]]


def test_every_clause_of_the_starting_policy_can_be_acted_upon_as_it_says() -> None:
    """The policy that a desk begins with: each ground has its tier, and something follows a breach."""
    policy = load_shipped_policy()
    for clause in policy.clauses:
        assert tier_of(str(clause.ground)) is not None
        assert announced(clause) & REMOVALS, clause.id
        for code in policy.languages:
            text = word_statement(
                "hide",
                facts=suggest_facts(str(clause.ground), language=code),
                rule=clause.text(code).title,
                language=code,
                written_at=datetime(2026, 5, 3, tzinfo=UTC),
                until=None,
            )
            assert is_complete(text, language=code), text
