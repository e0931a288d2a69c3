"""Channels: how they are, connecting by the manifest's form, pausing, and contacts brought in by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import Brand, User, Workspace
from amends.inbox.models import ChannelAccount, Comment
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_a_channel_that_fails_says_what_is_wrong_and_what_to_do(
    account: ChannelAccount, lead: User, agent: User, sign_in: SignIn
) -> None:
    ChannelAccount.objects.update(status="failed", error_code="credentials")
    assert "Enter a new password or token." in words(sign_in(lead).get("/channels/"))
    anywhere = words(sign_in(agent).get("/inbox/all/"))
    assert "By hand is not heard." in anywhere


def test_a_desk_without_channels_says_so(lead: User, sign_in: SignIn) -> None:
    page = words(sign_in(lead).get("/channels/"))
    assert "No channel is connected yet" in page
    assert "/channels/connect/bluesky/" in page


def test_the_form_asks_for_what_the_manifest_names_and_never_shows_a_secret_again(
    workspace: Workspace, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    page = words(client.get("/channels/connect/sandbox/"))
    assert 'name="base_url"' in page
    assert 'name="token" type="password"' in page
    form = {"base_url": "", "token": "very-secret-token"}
    refused = client.post("/channels/connect/sandbox/", form)
    assert refused.status_code == 422
    assert "very-secret-token" not in words(refused)
    assert not ChannelAccount.objects.exists()


def test_a_channel_by_hand_is_connected_paused_and_resumed(
    brand: Brand, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    assert client.post("/channels/connect/manual/").status_code == 302
    account = ChannelAccount.objects.get()
    client.post(f"/channels/{account.pk}/pause/")
    account.refresh_from_db()
    assert account.status == "paused"
    client.post(f"/channels/{account.pk}/resume/")
    account.refresh_from_db()
    assert account.status == "active"


def test_a_kind_that_is_not_installed_is_not_found(lead: User, sign_in: SignIn) -> None:
    assert sign_in(lead).get("/channels/connect/carrierpigeon/").status_code == 404


def test_the_channel_of_another_workspace_cannot_be_paused(
    account: ChannelAccount, stranger: User, sign_in: SignIn
) -> None:
    assert sign_in(stranger).post(f"/channels/{account.pk}/pause/").status_code == 404


def test_a_phone_call_becomes_a_comment_once_however_often_the_form_is_sent(
    account: ChannelAccount, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    key = client.get("/contacts/note/").context["form_id"]
    form = {"id": key, "kind": "phone", "text": "Koltuk kırık geldi", "author_name": "Deniz"}
    assert client.post("/contacts/note/", form).status_code == 302
    assert client.post("/contacts/note/", form).status_code == 302
    assert Comment.objects.get().author.display_name == "Deniz"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": " "}, "Write down what was said."),
        ({"kind": "post", "url": "somewhere"}, "Paste the address of the post"),
        ({"kind": "smoke"}, "Choose how it reached you."),
        ({"happened_at": "yesterday"}, "This is no date with a time"),
        ({"happened_at": "2999-01-01T10:00"}, "This time lies in the future."),
    ],
)
def test_a_contact_that_cannot_be_one_is_refused_with_everything_still_there(
    change: dict[str, str],
    says: str,
    account: ChannelAccount,
    agent: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    form = {"kind": "phone", "text": "Koltuk kırık", "author_name": "Deniz"} | change
    response = sign_in(agent).post("/contacts/note/", form)
    page = words(response)
    assert response.status_code == 422
    assert says in page
    assert 'value="Deniz"' in page
    assert not Comment.objects.exists()


def test_without_a_channel_by_hand_the_form_says_how_to_get_one(
    workspace: Workspace, lead: User, agent: User, sign_in: SignIn
) -> None:
    assert "/channels/connect/manual/" in words(sign_in(lead).get("/contacts/note/"))
    assert "Ask an owner or lead" in words(sign_in(agent).get("/contacts/note/"))
