"""What the linter stops stays where it is, unless a reason and a second person let it go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import Membership, User, Workspace
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.record.models import ActionLog
from amends.replies import override as gate
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.models import Finding, Override, Reply
from amends.replies.override import count_overrides, is_stopped
from amends.replies.queries import reply_digest
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
BAD = "Yanlış anlaşıldıysak üzgünüz, kargonuz yolda. Bugün 17.00'ye kadar size yazacağım. Elif"
REASON = "The customer asked for exactly this sentence."


@pytest.fixture
def draft(make_case: MakeCase, colleagues: Colleagues) -> Reply:
    case = make_case()
    colleagues.promise(case, BAD)
    return Reply.objects.get(pk=colleagues.draft(case, BAD).pk)


def ask(
    draft: Reply, colleagues: Colleagues, *, override: str = "", by: User | None = None
) -> None:
    who = by or colleagues.writer
    ask_for_approval(draft, by=who, now=colleagues.now, override=override, agreed=STATEMENTS)


def test_a_finding_that_stops_a_reply_stops_it_and_nothing_is_kept(
    draft: Reply, colleagues: Colleagues
) -> None:
    for reason in ("", "  \n"):
        with pytest.raises(NotPossible, match="Q03"):
            ask(draft, colleagues, override=reason)
    assert Reply.objects.get().status == "draft"
    assert not Finding.objects.exists()
    assert not Override.objects.exists()


def test_with_a_reason_it_goes_to_a_second_person_and_is_logged_without_its_words(
    draft: Reply, colleagues: Colleagues, workspace: Workspace, now: datetime
) -> None:
    ask(draft, colleagues, override=f" {REASON} ")
    given = Override.objects.get()
    assert (given.codes, given.reason, given.given_by) == (["Q03"], REASON, colleagues.writer)
    assert given.digest == reply_digest(draft)
    entry = ActionLog.objects.get(action="reply.override")
    assert entry.data == {"reply": draft.pk, "revision": 1, "checks": ["Q03"]}
    asked = ActionLog.objects.get(action="reply.ask").data
    assert asked["findings"]["block"] == 1
    assert not any("üzgünüz" in str(one.data) for one in ActionLog.objects.all())
    delivery = approve_reply(
        draft, digest=reply_digest(draft), by=colleagues.approver, now=colleagues.now
    )
    assert not is_stopped(delivery.reply, now=now)
    since = now - timedelta(days=1)
    assert count_overrides(colleagues.writer, workspace=workspace, since=since) == {"Q03": 1}


def test_findings_are_kept_by_place_and_code_with_the_text_that_was_handed_over(
    draft: Reply, colleagues: Colleagues
) -> None:
    ask(draft, colleagues, override=REASON)
    kept = Finding.objects.get(code="Q03")
    assert (kept.level, kept.reason, kept.revision) == ("block", "Q03", 1)
    assert "üzgünüz" in BAD[kept.start : kept.end]
    assert kept.digest == reply_digest(draft)
    assert kept.linter.startswith("tr ")


@pytest.mark.parametrize(
    "text",
    [
        f"{BAD} Telefonunuz 0532 123 45 67.",
        "Kargonuzla ilgili sorun çözülmüştür, özür dileriz. Elif",
    ],
)
def test_personal_data_and_an_untrue_status_are_never_overridden(
    make_case: MakeCase, colleagues: Colleagues, text: str
) -> None:
    draft = colleagues.draft(make_case(), text)
    with pytest.raises(NotPossible, match="whatever the reason"):
        ask(draft, colleagues, override=REASON)
    assert not Override.objects.exists()


def test_an_edit_leaves_the_override_behind(draft: Reply, colleagues: Colleagues) -> None:
    ask(draft, colleagues, override=REASON)
    edited = save_draft(
        draft, text=f"Merhaba. {BAD}", revision=1, by=colleagues.writer, now=colleagues.now
    )
    with pytest.raises(NotPossible, match="Q03"):
        ask(edited, colleagues)


def test_who_overrode_the_linter_does_not_approve_even_without_having_written_a_word(
    draft: Reply, colleagues: Colleagues, lead: User
) -> None:
    ask(draft, colleagues, override=REASON, by=lead)
    with pytest.raises(NotPossible, match="You overrode the linter"):
        approve_reply(draft, digest=reply_digest(draft), by=lead, now=colleagues.now)
    approve_reply(draft, digest=reply_digest(draft), by=colleagues.approver, now=colleagues.now)


def test_one_person_alone_overrides_and_approves_after_the_pause(
    draft: Reply,
    colleagues: Colleagues,
    workspace: Workspace,
    clock: ScriptedClock,
) -> None:
    others = Membership.objects.filter(workspace=workspace).exclude(user=colleagues.writer)
    others.update(is_active=False)
    ask(draft, colleagues, override=REASON)
    with pytest.raises(NotPossible, match="alone here"):
        approve_reply(draft, digest=reply_digest(draft), by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(minutes=11))
    approve_reply(draft, digest=reply_digest(draft), by=colleagues.writer, now=clock.now())


def test_what_became_a_copy_of_a_colleagues_reply_meanwhile_is_not_approved(
    make_case: MakeCase, colleagues: Colleagues
) -> None:
    good = (
        "Kargonuzun hâlâ gelmediğini görüyoruz, özür dileriz. Depoya sorduk; bugün 17.00'ye kadar "
        "size sonucu yazacağım. Elif"
    )
    cases = [make_case(external_id=f"c-{n}", thread_external_id=f"c-{n}") for n in (1, 2)]
    for case in cases:
        colleagues.promise(case, good)
    first, second = (colleagues.ask(case, good) for case in cases)
    assert not Override.objects.exists()
    approve_reply(first, digest=reply_digest(first), by=colleagues.approver, now=colleagues.now)
    with pytest.raises(NotPossible, match="Q12"):
        approve_reply(
            second, digest=reply_digest(second), by=colleagues.approver, now=colleagues.now
        )


def test_the_last_look_before_sending_freezes_what_would_be_stopped_now(
    make_case: MakeCase,
    colleagues: Colleagues,
    clock: ScriptedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivery = colleagues.approve(make_case())
    monkeypatch.setattr(gate, "uncovered", lambda reply, linted: ("Q24",))
    from amends.replies.send import _obstacle

    assert _obstacle(delivery, now=clock.now()) == "findings"


def test_a_gap_that_was_not_filled_in_is_never_handed_over(
    make_case: MakeCase, colleagues: Colleagues
) -> None:
    draft = colleagues.draft(make_case(), "Kargonuz için özür dileriz, saat […] size yazacağım.")
    with pytest.raises(NotPossible, match="gap"):
        ask(draft, colleagues, override=REASON)
