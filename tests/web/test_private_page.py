"""What a customer sees who opens a one-time link: a form, their own page, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.triage import confirm_triage
from amends.replies.hand_over import make_link, write_first
from amends.replies.models import ClosingConsent, HandOver, PrivateMessage, Reply
from tests.web.conftest import FORM, words

SignIn = Callable[[User], Client]


@pytest.fixture
def token(case: Case, agent: User, now: datetime) -> str:
    confirm_triage(case, form=FORM, by=agent, now=now)
    case.refresh_from_db()
    return make_link(case, language="en", by=agent, now=now)


@pytest.fixture
def visitor(token: str, now: datetime) -> str:
    return write_first(token, text="Order 4711", now=now)


def test_the_form_says_who_reads_it_and_how_long_it_is_kept(token: str, case: Case) -> None:
    answer = Client().get(reverse("private_link", args=[token]))
    page = words(answer)
    assert answer.status_code == 200
    assert case.brand.name in page
    assert "180 days" in page
    assert "Who reads it" in page
    assert "Kargom nerede" not in page
    assert case.public_id not in page
    assert 'name="address"' not in page  # without a mail account nobody needs it
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"  # the secret in the address goes nowhere else
    assert "no-store" in answer["Cache-Control"]


def test_the_page_speaks_the_language_of_the_reply(case: Case, agent: User, now: datetime) -> None:
    token = make_link(case, language="nl", by=agent, now=now)
    assert 'lang="nl"' in words(Client().get(reverse("private_link", args=[token])))


def test_the_first_message_leads_to_an_address_of_their_own(token: str) -> None:
    client = Client()
    sent = client.post(reverse("private_link", args=[token]), {"text": "Order 4711"}, follow=True)
    page = words(sent)
    assert sent.status_code == 200
    assert "Your message has arrived." in page
    assert "Order 4711" in page
    assert token not in sent.request["PATH_INFO"]
    again = Client().get(reverse("private_link", args=[token]))
    assert again.status_code == 410
    assert "used already" in words(again)
    assert "4711" not in words(again)


def test_an_empty_message_is_refused_with_the_form(token: str) -> None:
    answer = Client().post(reverse("private_link", args=[token]), {"text": "  "})
    assert answer.status_code == 422
    assert 'role="alert"' in words(answer)


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"expires_at": datetime(2020, 1, 1).astimezone()}, 410, "time of this link is over"),
        ({"revoked_at": datetime(2020, 1, 1).astimezone()}, 410, "newer link"),
        ({"ended_at": datetime(2020, 1, 1).astimezone()}, 410, "has ended"),
        ({"token_hash": "another"}, 404, "leads nowhere"),
    ],
)
def test_each_end_of_a_link_has_its_words(
    change: dict[str, object], status: int, said: str, token: str
) -> None:
    HandOver.objects.update(**change)
    for method in ("get", "post"):
        answer = getattr(Client(), method)(reverse("private_link", args=[token]), {"text": "a"})
        assert answer.status_code == status
        assert said in words(answer)
    assert not PrivateMessage.objects.exists()


def test_more_can_be_written_and_consent_given_once_we_answered(
    visitor: str, agent: User, case: Case, now: datetime
) -> None:
    client, address = Client(), reverse("private_talk", args=[visitor])
    assert "May we say in public" not in words(client.get(address))
    client.post(address, {"text": "And one thing more"})
    assert PrivateMessage.objects.count() == 2
    first = PrivateMessage.objects.first()
    assert first is not None
    PrivateMessage.objects.create(
        workspace=case.workspace,
        case=case,
        hand_over=first.hand_over,
        content=first.content,
        written_by=agent,
        written_at=now,
    )
    assert "May we say in public" in words(client.get(address))
    client.post(reverse("private_consent", args=[visitor]), {"agree": "yes"})
    assert ClosingConsent.objects.get().is_given
    assert "You agreed." in words(client.get(address))
    client.post(reverse("private_consent", args=[visitor]), {"agree": "perhaps"})
    assert ClosingConsent.objects.count() == 1


def test_an_address_that_is_none_shows_nothing(visitor: str) -> None:
    answer = Client().get(reverse("private_talk", args=["abcdefgh"]))
    assert answer.status_code == 410
    assert "4711" not in words(answer)
    assert (
        Client().post(reverse("private_consent", args=["abc"]), {"agree": "yes"}).status_code == 410
    )


def test_too_many_messages_are_refused(token: str) -> None:
    client, address = Client(), reverse("private_link", args=[token])
    answers = [client.post(address, {"text": ""}).status_code for _ in range(8)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_the_case_shows_it_as_private_and_the_studio_answers_there(
    visitor: str, case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    page = words(client.get(reverse("case", args=[case.number])))
    assert "Order 4711" in page
    assert "nothing of this stands in public" in page
    talk = HandOver.objects.get()
    client.post(reverse("hand_over_answer", args=[case.number]), {"talk": talk.pk})
    reply = Reply.objects.get()
    assert reply.hand_over_id == talk.pk
    page = words(client.get(reverse("case", args=[case.number])))
    assert "only the author reads it" in page
    assert 'id="to-private"' not in page


def test_the_studio_puts_a_link_into_a_public_answer(
    draft: Reply, case: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    page = words(client.get(reverse("case", args=[case.number])))
    assert 'id="to-private"' in page
    address = reverse("hand_over_offer", args=[case.number])
    client.post(address, {"text": "Merhaba Ayşe Hanım, bakıyoruz.", "revision": draft.revision})
    draft.refresh_from_db()
    assert "/private/" in draft.text
    assert draft.text.startswith("Merhaba Ayşe Hanım, bakıyoruz.")
    stale = client.post(address, {"text": "Başka", "revision": 0})
    assert "Başka" in words(stale)
    draft.refresh_from_db()
    assert not draft.text.startswith("Başka")


def test_the_case_tells_what_the_public_waits_for(
    visitor: str, case: Case, agent: User, owner: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    at = reverse("case", args=[case.number])
    assert "a closing note in public" in words(client.get(at))
    said = {"how": "phone", "agree": "yes", "talk": HandOver.objects.get().pk}
    client.post(reverse("hand_over_consent", args=[case.number]), said)
    assert "Write the closing note" in words(client.get(at))
    client.post(reverse("hand_over_untold", args=[case.number]), {"reason": "They asked so"})
    assert "They asked so" in words(client.get(at))
    assert "Erase what was said" not in words(client.get(at))
    master = sign_in(owner)
    assert "Erase what was said" in words(master.get(at))
    master.post(reverse("hand_over_erase", args=[case.number]), {"reason": "They asked so"})
    assert "These words were erased." in words(master.get(at))


def test_a_stranger_finds_no_conversation_of_another_case(
    visitor: str, make_case: Callable[..., Case], agent: User, sign_in: SignIn, now: datetime
) -> None:
    other = make_case("Başka", external_id="x-2", at=now - timedelta(minutes=1))
    talk = HandOver.objects.get()
    answer = sign_in(agent).post(
        reverse("hand_over_answer", args=[other.number]), {"talk": talk.pk}
    )
    assert answer.status_code == 422
    assert not Reply.objects.exists()
