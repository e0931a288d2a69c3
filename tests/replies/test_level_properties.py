"""No sequence of calls sends what was not approved at its level: people, deputies and clocks in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.accounts.grant import GrantRefused, Standing, appoint_deputy
from amends.accounts.models import Membership, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.core.money import Money
from amends.pipeline.desk import Desk
from amends.replies.approve import approve_reply, ask_for_approval, release_reply, send_back
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import begin_reply, save_draft
from amends.replies.level import decision_that_counts
from amends.replies.models import Agreement, ApprovalRequest, Delivery, Reply
from amends.replies.queries import open_reply, reply_digest
from amends.replies.send import _obstacle
from tests.support.desk import Colleagues
from tests.support.levels import CLEAN, decide, wait

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_sent_the_like")]
PEOPLE = ("agent", "other_agent", "lead", "owner", "counsel", "viewer")
WRITERS = ("agent", "other_agent")
NEEDS = {
    "A0": [set()],
    "A1": [{"owner", "lead", "agent", "counsel"}],
    "A2": [{"owner", "lead"}],
    "A3": [{"owner", "lead"}, {"counsel"}],
    "A4": [{"owner"}],
}

moves = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(WRITERS)),
    st.tuples(st.just("ask"), st.sampled_from(WRITERS)),
    st.tuples(st.just("release"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("agree"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("return"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("level"), st.sampled_from(sorted(NEEDS))),
    st.tuples(st.just("wait"), st.sampled_from(["5", "31"])),
    st.tuples(st.just("deputy"), st.sampled_from(WRITERS)),
    st.tuples(st.just("pay"), st.sampled_from(["40", "300", "900"])),
)


class Play:
    """A case, the people around it, and what they try."""

    def __init__(self, case: Case, *, people: dict[str, User], colleagues: Colleagues) -> None:
        self.case, self.people, self.colleagues = case, people, colleagues
        self.clock: ScriptedClock = colleagues.desk.clock  # type: ignore[assignment]
        self.desk: Desk = colleagues.desk

    def reply(self) -> Reply:
        self.case.refresh_from_db()
        reply = open_reply(self.case)
        return reply or begin_reply(self.case, by=self.people["agent"], now=self.clock.now())

    def do(self, what: str, which: str) -> None:
        now, reply = self.clock.now(), self.reply()
        who = self.people.get(which)
        digest = reply_digest(reply)
        if what == "edit":
            text = f"{CLEAN}{' ' * (reply.revision % 2)}"
            save_draft(reply, text=text, revision=reply.revision, by=who, now=now)
        elif what == "ask":
            ask_for_approval(reply, by=who, now=now, agreed=STATEMENTS)
        elif what == "release":
            release_reply(reply, digest=digest, by=who, now=now, agreed=STATEMENTS)
        elif what == "agree":
            approve_reply(reply, digest=digest, by=who, now=now)
        elif what == "return":
            send_back(reply, reason="x", by=who, now=now)
        elif what == "level":
            decide(self.case, which, strategy=("HOLD",))
        elif what == "wait":
            wait(self.desk, self.clock, int(which))
        elif what == "deputy":
            standing = Standing(
                person=self.people["lead"],
                deputy=who,
                valid_until=now + timedelta(hours=2),
                reason="x",
            )
            appoint_deputy(self.case.workspace, standing=standing, by=self.people["owner"], now=now)
        elif what == "pay":
            money = Money(Decimal(which), "EUR")
            self.colleagues.promise(self.case, "A voucher", money=money)

    def check(self) -> None:
        """What would be sent now has the words that its level asks for, of people who wrote none of it."""
        for delivery in Delivery.objects.filter(status="ready"):
            if _obstacle(delivery, now=self.clock.now()):
                continue
            reply = Reply.objects.get(pk=delivery.reply_id)
            level = decision_that_counts(reply.case).approval  # type: ignore[union-attr]
            agreed = list(Agreement.objects.filter(request=delivery.approval.request))
            writers = set(reply.revisions.values_list("edited_by_id", flat=True))
            assert not writers & {one.person_id for one in agreed}
            assert all(one.digest == reply_digest(reply) for one in agreed)
            roles = [self.role(one) for one in agreed]
            request = ApprovalRequest.objects.get(pk=delivery.approval.request_id)
            needs = NEEDS[level]
            if level == "A3" and request.timed_out_at is not None:
                needs = needs[:1]  # the holding reply, by the lead alone
            for need in needs:
                assert not need or need & set(roles), (level, roles)
            assert agreed or delivery.approval.is_self

    def role(self, agreement: Agreement) -> str:
        person = agreement.in_name_of_id or agreement.person_id
        role: str = Membership.objects.get(user=person).role
        return role


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(moves, min_size=3, max_size=14))
def test_nothing_is_sent_that_was_not_approved_at_its_level(
    make_case: Callable[..., Case],
    colleagues: Colleagues,
    workspace: Workspace,
    request: pytest.FixtureRequest,
    sequence: list[tuple[str, str]],
) -> None:
    people: dict[str, Any] = {name: request.getfixturevalue(name) for name in PEOPLE}
    with transaction.atomic():
        case = make_case()
        colleagues.promise(case, CLEAN)
        colleagues.draft(case, CLEAN)
        decide(case, "A0", strategy=("HOLD",))
        play = Play(Case.objects.get(pk=case.pk), people=people, colleagues=colleagues)
        for what, which in sequence:
            try:
                with transaction.atomic():
                    play.do(what, which)
            except (NotPossible, NotAllowed, GrantRefused):
                pass
            play.check()
        transaction.set_rollback(True)
