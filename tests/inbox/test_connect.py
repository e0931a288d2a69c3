"""Connecting a channel: checked on the channel, sealed at rest, said in words where it fails."""

from __future__ import annotations

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.core.clock import ScriptedClock
from amends.inbox.connect import (
    CannotConnect,
    change_credentials,
    connect_account,
    pause_account,
    resume_account,
)
from amends.inbox.credentials import unseal
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.record.models import ActionLog
from amends.sandbox.models import Person
from amends.sandbox.people import issue_token

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_sealed_and_neither_in_the_settings_nor_in_the_log(
    shop_account: ChannelAccount, shop_token: str
) -> None:
    row = ChannelAccount.objects.values().get(pk=shop_account.pk)
    assert unseal(row["sealed_settings"]) == {"token": shop_token}
    row.pop("sealed_settings")
    assert shop_token not in repr(row)
    assert shop_token not in repr(list(ActionLog.objects.values()))
    assert (shop_account.handle, shop_account.next_step) == ("lumbara", "listen")


def test_a_wrong_token_is_told_in_words_and_nothing_is_kept(
    network: str, workspace: Workspace, brand: Brand, owner: User, clock: ScriptedClock
) -> None:
    values = {"base_url": network, "token": "guessed"}
    with pytest.raises(CannotConnect, match="credentials"):
        connect_account(
            workspace, brand=brand, kind="sandbox", values=values, by=owner, now=clock.now()
        )
    assert not ChannelAccount.objects.exists()


def test_a_missing_value_names_its_field(
    workspace: Workspace, brand: Brand, owner: User, clock: ScriptedClock
) -> None:
    with pytest.raises(CannotConnect) as refused:
        connect_account(
            workspace, brand=brand, kind="sandbox", values={}, by=owner, now=clock.now()
        )
    assert refused.value.field == "token"


def test_an_address_that_the_owner_did_not_list_is_refused_by_the_guard(
    workspace: Workspace, brand: Brand, owner: User, clock: ScriptedClock
) -> None:
    values = {"base_url": "http://127.0.0.1:9/sandbox/api", "token": "x"}
    with pytest.raises(CannotConnect, match=r"127\.0\.0\.1"):
        connect_account(
            workspace, brand=brand, kind="sandbox", values=values, by=owner, now=clock.now()
        )


def test_the_same_account_is_connected_once(
    shop_account: ChannelAccount, network: str, shop_token: str, owner: User, clock: ScriptedClock
) -> None:
    with pytest.raises(CannotConnect, match="already"):
        connect_account(
            shop_account.workspace,
            brand=shop_account.brand,
            kind="sandbox",
            values={"base_url": network, "token": shop_token},
            by=owner,
            now=clock.now(),
        )


def test_an_agent_connects_nothing(
    workspace: Workspace, brand: Brand, agent: User, clock: ScriptedClock
) -> None:
    with pytest.raises(NotAllowed):
        connect_account(workspace, brand=brand, kind="manual", values={}, by=agent, now=clock.now())


def test_a_paused_account_is_heard_again_after_it_is_resumed(
    shop_account: ChannelAccount, owner: User, clock: ScriptedClock
) -> None:
    pause_account(shop_account, by=owner, now=clock.now())
    shop_account.refresh_from_db()
    assert (shop_account.status, shop_account.next_step) == (AccountStatus.PAUSED, "")
    resume_account(shop_account, by=owner, now=clock.now())
    shop_account.refresh_from_db()
    assert (shop_account.status, shop_account.next_step) == (AccountStatus.ACTIVE, "listen")


def test_credentials_of_somebody_else_are_not_taken_for_new_ones(
    shop_account: ChannelAccount, owner: User, clock: ScriptedClock
) -> None:
    other = issue_token(Person.objects.create(handle="rival", name="Rival", is_brand=True))
    with pytest.raises(CannotConnect, match="rival"):
        change_credentials(shop_account, values={"token": other}, by=owner, now=clock.now())


def test_new_credentials_wake_an_account_that_had_failed(
    shop_account: ChannelAccount, shop_token: str, owner: User, clock: ScriptedClock
) -> None:
    ChannelAccount.objects.filter(pk=shop_account.pk).update(
        status=AccountStatus.FAILED, error_code="credentials", next_step="listen", due_at=None
    )
    change_credentials(shop_account, values={"token": shop_token}, by=owner, now=clock.now())
    shop_account.refresh_from_db()
    assert (shop_account.status, shop_account.error_code) == (AccountStatus.ACTIVE, "")
