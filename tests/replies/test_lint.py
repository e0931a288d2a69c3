"""The linter reads a draft with what the case knows, and says the same wherever it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.accounts.models import Brand, User
from amends.cases.models import Case
from amends.inbox.models import Author
from amends.replies.lint import gather_context, lint_draft, recent_replies
from amends.replies.models import Reply, ReplyStatus
from tests.support.desk import FORM, Colleagues

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
GOOD = (
    "Kargonuzun hâlâ gelmediğini görüyoruz, özür dileriz. Depoya sorduk; bugün 17.00'ye kadar size "
    "sonucu yazacağım. Elif"
)


@pytest.fixture
def reply(make_case: MakeCase, colleagues: Colleagues) -> Reply:
    case = make_case(external_id="c-1")
    colleagues.promise(case, GOOD)
    return Reply.objects.get(pk=colleagues.draft(case, GOOD).pk)


def codes(reply: Reply, text: str, *, now: datetime) -> set[str]:
    return {one.code for one in lint_draft(reply, text=text, now=now).findings}


def test_a_good_draft_is_clean(reply: Reply, now: datetime) -> None:
    linted = lint_draft(reply, now=now)
    assert (linted.verdict, linted.score, linted.findings) == ("clean", 100, ())
    assert linted.language == "tr"
    assert linted.linter.startswith("tr ")


def test_the_context_says_what_people_confirmed_and_leaves_out_what_nobody_knows(
    make_case: MakeCase, colleagues: Colleagues, now: datetime
) -> None:
    case = make_case("Kargom nerede? Altı gündür bekliyorum ve kimse cevap vermiyor")
    colleagues.triage(case, replace(FORM, severity="high"))
    reply = colleagues.draft(case, GOOD)
    Brand.objects.update(time_zone="Europe/Istanbul")
    context = gather_context(Reply.objects.get(pk=reply.pk), now=now)
    assert context["severity"] == "high"
    assert context["fault_share"] is None  # confirmed, but not known yet
    assert context["address"] == "siz"
    assert context["case_state"] == "open"
    assert context["now"] == "2026-03-10T15:00+03:00"
    assert "ACK" in context["required"]
    assert {"facts", "virality"}.isdisjoint(context)


def test_a_fault_that_was_confirmed_must_be_owned(
    make_case: MakeCase, colleagues: Colleagues, now: datetime
) -> None:
    case = make_case()
    colleagues.triage(case, replace(FORM, fault_share=100, fault_basis="order_data"))
    reply = colleagues.draft(case, "x")
    cold = "Kargonuz hâlâ yolda, bugün saat 17.00'ye kadar size yazacağım. Elif"
    assert "Q02" in codes(reply, cold, now=now)
    assert "Q02" not in codes(reply, f"Bu bizim hatamız, özür dileriz. {cold}", now=now)


def test_a_draft_is_held_against_the_last_replies_of_its_account(
    reply: Reply, make_case: MakeCase, colleagues: Colleagues, now: datetime
) -> None:
    other = colleagues.draft(make_case(external_id="c-2", thread_external_id="c-2"), GOOD)
    assert recent_replies(other) == []  # a draft is no reply yet
    Reply.objects.filter(pk=reply.pk).update(status=ReplyStatus.SENT)
    assert recent_replies(other) == [GOOD]
    assert "Q12" in codes(other, GOOD, now=now)
    other.status = ReplyStatus.APPROVED
    assert recent_replies(other) == []  # it was compared when it was approved


def test_findings_are_explained_in_the_language_of_the_reader_and_mended_in_that_of_the_reply(
    reply: Reply, now: datetime
) -> None:
    text = f"{GOOD} En kısa sürede dönüş yapılacaktır. Yanlış anlaşıldıysak üzgünüz."
    found = {one.reason: one for one in lint_draft(reply, text=text, now=now, reader="nl").findings}
    sorry = found["Q03"]
    assert sorry.words in text
    assert sorry.words == text[sorry.start : sorry.end]
    assert "Excuses" in sorry.message
    assert "özür dileriz" in sorry.suggestion
    assert sorry.sources[0].startswith("S")


def test_the_name_that_an_author_uses_in_public_is_no_secret(reply: Reply, now: datetime) -> None:
    text = f"Sayın Ayşe Nur Demirtaş, {GOOD}"
    assert "Q16.name" in {one.reason for one in lint_draft(reply, text=text, now=now).findings}
    Author.objects.update(display_name="Ayşe Nur Demirtaş")
    reply = Reply.objects.get(pk=reply.pk)
    linted = lint_draft(reply, text=text, now=now)
    assert "Q16.name" not in {one.reason for one in linted.findings}
    assert linted.verdict == "clean"


def test_components_tick_themselves_where_the_linter_can_tell(reply: Reply, now: datetime) -> None:
    found = {one.code: one.is_found for one in lint_draft(reply, now=now).components}
    assert found["ACK"] is True
    empty = {one.code: one.is_found for one in lint_draft(reply, text="Elif", now=now).components}
    assert empty.keys() == found.keys()
    assert True not in empty.values()


def test_what_a_draft_says_never_changes_what_the_desk_keeps(
    reply: Reply, agent: User, now: datetime
) -> None:
    before = (reply.text, reply.revision)
    lint_draft(reply, text="Yalan söylüyorsunuz!!", now=now)
    fresh = Reply.objects.get(pk=reply.pk)
    assert (fresh.text, fresh.revision, fresh.findings.count()) == (*before, 0)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
def test_any_text_can_be_read_and_every_place_lies_inside_it(
    reply: Reply, now: datetime, text: str
) -> None:
    linted = lint_draft(reply, text=text, now=now)
    assert linted == lint_draft(reply, text=text, now=now)
    for one in linted.findings:
        assert one.start is None or 0 <= one.start <= (one.end or 0) <= len(text)
        assert one.edit is None or 0 <= one.edit.start <= one.edit.end <= len(text)
