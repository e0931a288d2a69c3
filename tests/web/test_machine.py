"""The language model on the pages: off until the owner says otherwise, and its text waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client, override_settings

from amends.accounts.change_language_model import Wanted, change_language_model
from amends.accounts.models import LanguageModelAccess, User, Workspace
from amends.cases.decide import recommend
from amends.cases.models import Case
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.replies.models import MachineDraft, Reply
from tests.servers.language_model import LanguageModelServer
from tests.web.test_case_page_replies import PART, url, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SETTINGS = "/settings/language-model/"


@pytest.fixture
def server() -> Iterator[LanguageModelServer]:
    with LanguageModelServer(lambda messages: "Kargonuz […].") as running:
        allowed = [f"{host}:{port}" for host, port in running.allowed]
        with override_settings(OUTBOUND_ALLOW=allowed):
            yield running


@pytest.fixture
def switched_on(
    workspace: Workspace, owner: User, server: LanguageModelServer, now: datetime
) -> LanguageModelAccess:
    wanted = Wanted(url=f"{server.url}/v1", model="small-one", is_on=True)
    return change_language_model(workspace, wanted=wanted, by=owner, now=now)


@pytest.fixture
def empty(draft: Reply, now: datetime) -> Reply:
    with transaction.atomic():
        recommend(draft.case, playbook=Desk().playbook(draft.workspace_id), now=now)
    Reply.objects.filter(pk=draft.pk).update(text="")
    draft.refresh_from_db()
    return draft


def test_without_a_model_the_editor_speaks_of_none(
    empty: Reply, agent: User, sign_in: SignIn
) -> None:
    assert "machine" not in words(sign_in(agent).get(url(empty.case, ""), headers=PART))


def test_the_writer_asks_waits_and_finds_a_marked_draft(
    empty: Reply,
    agent: User,
    sign_in: SignIn,
    switched_on: LanguageModelAccess,
) -> None:
    client = sign_in(agent)
    assert "Let small-one draft it" in words(client.get(url(empty.case, ""), headers=PART))
    answer = client.post(
        url(empty.case, "machine/ask/"), {"facts": "Paket bulundu.\n\n"}, headers=PART
    )
    assert "small-one is writing a draft" in words(answer)
    assert MachineDraft.objects.get().facts == ["Paket bulundu."]
    assert client.get(url(empty.case, "machine/wait/"), headers=PART).status_code == 204
    run_until_idle(Desk(), steps=tuple(BACKGROUND[:1]))
    page = words(client.get(url(empty.case, "machine/wait/"), headers=PART))
    assert "A machine wrote this (small-one)." in page
    assert "Kargonuz […]." in page
    page = words(client.post(url(empty.case, "machine/confirm/"), headers=PART))
    assert "counts as yours now" in page
    assert "A machine wrote this" not in page


def test_a_case_of_a_restricted_lane_offers_no_machine(
    empty: Reply, lead: User, sign_in: SignIn, switched_on: LanguageModelAccess
) -> None:
    Case.objects.filter(pk=empty.case_id).update(lane="legal")
    client = sign_in(lead)
    assert "Let small-one" not in words(client.get(url(empty.case, ""), headers=PART))
    answer = client.post(url(empty.case, "machine/ask/"), headers=PART)
    assert answer.status_code == 422
    assert "never leave" in words(answer)


def test_the_key_is_never_shown_again_and_an_empty_field_keeps_it(
    owner: User, sign_in: SignIn, server: LanguageModelServer
) -> None:
    client = sign_in(owner)
    form = {"url": f"{server.url}/v1", "model": "small-one", "key": "k-123", "is_on": "on"}
    assert client.post(SETTINGS, form).status_code == 302
    assert "k-123" not in client.get(SETTINGS).content.decode()
    client.post(SETTINGS, form | {"key": "", "model": "other-one"})
    page = client.post(f"{SETTINGS}try/", follow=True).content.decode()
    assert "It answers: Kargonuz" in page
    assert server.requests[-1].headers["authorization"] == "Bearer k-123"
    assert server.calls[-1]["model"] == "other-one"


def test_an_address_inside_the_own_network_is_refused_with_a_word_on_what_to_do(
    owner: User, sign_in: SignIn
) -> None:
    form = {"url": "http://127.0.0.1:11434/v1", "model": "m"}
    answer = sign_in(owner).post(SETTINGS, form)
    assert answer.status_code == 422
    assert "the owner may allow 127.0.0.1 port 11434" in answer.content.decode()
    assert not LanguageModelAccess.objects.exists()


def test_an_endpoint_in_trouble_says_so_when_it_is_tried(
    owner: User, sign_in: SignIn, switched_on: LanguageModelAccess
) -> None:
    LanguageModelAccess.objects.update(url=switched_on.url.replace("/v1", "/v2"))
    page = sign_in(owner).post(f"{SETTINGS}try/", follow=True).content.decode()
    assert "answered 404" in page
