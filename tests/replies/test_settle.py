"""What a person does about a delivery: post by hand and confirm, send again, say what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case, Hold
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount, Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import Evidence
from amends.replies.models import Delivery, Reply
from amends.replies.settle import confirm_published, send_again, settle_unknown
from tests.servers.faults import Answer, FaultServer
from tests.support.desk import Colleagues
from tests.support.network import FORGETFUL, Network

pytestmark = pytest.mark.django_db
TEXT = "Merhaba Ayşe Hanım, paketiniz bugün yola çıkıyor. Elif"
MakeCase = Callable[..., Case]


@pytest.fixture
def page(settings: pytest.FixtureRequest) -> Iterator[FaultServer]:
    """A web page where the answer was pasted."""
    with FaultServer() as server:
        settings.OUTBOUND_ALLOW = [f"127.0.0.1:{server.port}"]
        html = f"<html><p>Kargom nerede?</p><p>{TEXT}</p></html>"
        server.script = lambda request: Answer(
            body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"}
        )
        yield server


@pytest.fixture
def by_hand(make_case: MakeCase, colleagues: Colleagues) -> Delivery:
    return colleagues.approve(make_case(external_id="c-1"), TEXT)


def test_what_has_no_interface_waits_for_a_person_and_is_never_sent_by_the_desk(
    by_hand: Delivery, desk: Desk
) -> None:
    run_until_idle(desk)
    delivery = Delivery.objects.get()
    assert (delivery.mode, delivery.status, delivery.next_step) == ("assisted", "ready", "")


def test_a_pasted_answer_is_seen_on_its_page(
    by_hand: Delivery, page: FaultServer, agent: User, clock: ScriptedClock
) -> None:
    assert confirm_published(by_hand, url=f"{page.url}/post/1", by=agent, now=clock.now())
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.is_verified, delivery.confirmed_by) == ("sent", True, agent)
    assert delivery.url == f"{page.url}/post/1"
    assert (Case.objects.get().status, Case.objects.get().first_replied_at) == (
        "answered",
        clock.now(),
    )
    assert Evidence.objects.get().captured_by == str(agent)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<p>somebody else's words</p>"),
        Answer(status=404),
        Answer(status=500),
        Answer(fault="cut"),
    ],
)
def test_what_cannot_be_seen_counts_on_the_word_of_the_person_and_says_so(
    by_hand: Delivery, page: FaultServer, agent: User, now: datetime, answer: Answer
) -> None:
    page.script = lambda request: answer
    assert not confirm_published(by_hand, url=f"{page.url}/post/1", by=agent, now=now)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.is_verified, delivery.confirmed_by) == ("sent", False, agent)


@pytest.mark.parametrize("url", ["", "https://example.org/" + "x" * 1500])
def test_an_answer_by_phone_or_at_an_endless_address_is_confirmed_as_well(
    by_hand: Delivery, agent: User, now: datetime, url: str, settings: object
) -> None:
    settings.OUTBOUND_ALLOW = []  # type: ignore[attr-defined]
    confirm_published(by_hand, url=url, by=agent, now=now)
    assert Delivery.objects.get().status == "sent"


def test_two_who_confirm_the_same_answer_confirm_it_once(
    by_hand: Delivery, agent: User, lead: User, now: datetime
) -> None:
    theirs = Delivery.objects.get()
    confirm_published(by_hand, url="", by=agent, now=now)
    with pytest.raises(NotPossible):
        confirm_published(theirs, url="", by=lead, now=now)
    assert Delivery.objects.get().confirmed_by == agent
    assert Evidence.objects.count() == 1


def test_an_answer_to_words_that_changed_is_not_confirmed(
    by_hand: Delivery, make_comment: Callable[..., Comment], agent: User, now: datetime
) -> None:
    make_comment("Kargom geldi", external_id="c-1", version_key="v2")
    with pytest.raises(NotPossible, match="comment changed"):
        confirm_published(by_hand, url="", by=agent, now=now)


def test_under_a_hold_nothing_is_confirmed(
    by_hand: Delivery, agent: User, lead: User, now: datetime
) -> None:
    case = Case.objects.get()
    Hold.objects.create(
        workspace=case.workspace, case=case, reason="crisis", placed_by=lead, placed_at=now
    )
    with pytest.raises(NotPossible, match="hold"):
        confirm_published(by_hand, url="", by=agent, now=now)


@pytest.mark.parametrize("role", ["counsel", "viewer", "stranger"])
def test_who_may_not_send_is_refused(
    by_hand: Delivery, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    for verb in (
        lambda: confirm_published(by_hand, url="", by=user, now=now),
        lambda: send_again(by_hand, by=user, now=now),
        lambda: settle_unknown(by_hand, arrived=True, url="", by=user, now=now),
    ):
        with pytest.raises(NotAllowed):
            verb()


class TestOnAChannelWithoutPromises:
    """A channel that would write a second reply when it is asked twice."""

    @pytest.fixture
    def account(self, account_there: ChannelAccount) -> ChannelAccount:
        ChannelAccount.objects.update(kind=FORGETFUL)
        account_there.refresh_from_db()
        return account_there

    @pytest.fixture
    def unknown(
        self,
        make_case: MakeCase,
        colleagues: Colleagues,
        network: Network,
        desk: Desk,
        clock: ScriptedClock,
    ) -> Delivery:
        """A reply of which nobody knows, though the channel was asked again and again."""
        network.is_forgetful = network.is_deaf = True
        network.broken = lambda: Answer(status=500)
        colleagues.approve(make_case(external_id="c-1", version_key="1"), TEXT)
        run_until_idle(desk)
        network.broken = None
        for _ in range(60):
            clock.advance(timedelta(minutes=5))
            run_until_idle(desk)
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.due_at) == ("unknown", None)
        assert (network.writes(), len(network.replies)) == (1, 1)
        return delivery

    def test_a_person_who_saw_it_there_settles_it(
        self, unknown: Delivery, network: Network, desk: Desk, agent: User, clock: ScriptedClock
    ) -> None:
        settle_unknown(
            unknown, arrived=True, url="https://example.org/1", by=agent, now=clock.now()
        )
        run_until_idle(desk)
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.is_verified, delivery.url) == (
            "sent",
            False,
            "https://example.org/1",
        )
        assert network.writes() == 1

    def test_a_person_who_did_not_see_it_has_it_sent_with_all_checks_anew(
        self, unknown: Delivery, network: Network, desk: Desk, agent: User, clock: ScriptedClock
    ) -> None:
        network.replies.clear()  # it had not arrived
        network.is_deaf = False
        settle_unknown(unknown, arrived=False, url="", by=agent, now=clock.now())
        run_until_idle(desk)
        assert Delivery.objects.get().status == "sent"
        assert len(network.replies) == 1

    def test_what_is_known_is_not_settled_again(
        self, unknown: Delivery, agent: User, clock: ScriptedClock
    ) -> None:
        on_an_old_page = Delivery.objects.get()
        settle_unknown(unknown, arrived=True, url="", by=agent, now=clock.now())
        for arrived in (True, False):
            with pytest.raises(NotPossible, match="known already"):
                settle_unknown(on_an_old_page, arrived=arrived, url="", by=agent, now=clock.now())
        assert Delivery.objects.get().status == "sent"

    def test_unknown_is_not_simply_sent_again(
        self, unknown: Delivery, agent: User, clock: ScriptedClock
    ) -> None:
        with pytest.raises(NotPossible, match="that failed"):
            send_again(unknown, by=agent, now=clock.now())


class TestAfterARefusal:
    """The channel said no, and we know that nothing stands there."""

    @pytest.fixture
    def account(self, account_there: ChannelAccount) -> ChannelAccount:
        return account_there

    @pytest.fixture
    def failed(
        self, make_case: MakeCase, colleagues: Colleagues, network: Network, desk: Desk
    ) -> Delivery:
        network.stores_when_broken = False
        network.broken = lambda: Answer(status=403)
        colleagues.approve(make_case(external_id="c-1", version_key="1"), TEXT)
        run_until_idle(desk)
        network.broken = None
        return Delivery.objects.get()

    def test_a_person_sends_it_again_with_the_same_key(
        self, failed: Delivery, network: Network, desk: Desk, agent: User, now: datetime
    ) -> None:
        send_again(failed, by=agent, now=now)
        run_until_idle(desk)
        assert Delivery.objects.get().status == "sent"
        assert network.replies == [(failed.idempotency_key, TEXT)]

    def test_two_who_send_it_again_send_it_once(
        self, failed: Delivery, network: Network, desk: Desk, agent: User, now: datetime
    ) -> None:
        on_an_old_page = Delivery.objects.get()
        send_again(failed, by=agent, now=now)
        run_until_idle(desk)
        with pytest.raises(NotPossible):
            send_again(on_an_old_page, by=agent, now=now)
        run_until_idle(desk)
        assert (Delivery.objects.get().status, len(network.replies)) == ("sent", 1)

    def test_a_reply_whose_approval_fell_is_not_sent_again(
        self,
        failed: Delivery,
        network: Network,
        desk: Desk,
        agent: User,
        now: datetime,
        make_comment: Callable[..., Comment],
    ) -> None:
        make_comment("Kargom geldi", external_id="c-1", version_key="2")
        run_until_idle(desk)
        assert Reply.objects.get().status == "frozen"
        with pytest.raises(NotPossible, match="approval was taken back"):
            send_again(Delivery.objects.get(), by=agent, now=now)
        assert network.writes() == 1
