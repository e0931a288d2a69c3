"""A grant cannot be made up, copied, altered, used twice or for something else; no channel acts without."""

from __future__ import annotations

import ast
import copy
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amends.connectors import registry
from amends.connectors.kit import grant as kit
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.grant import GUARDED, ForgedGrant, MeasureGrant, redeem
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.manifest import Action, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.core.clock import ScriptedClock
from tests.support.grants import mint_for_a_test

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SOURCE = Path(__file__).resolve().parents[2] / "src/amends"
FIELDS = kit._FIELDS


def forged() -> MeasureGrant:
    """An object that looks like a grant in every attribute."""
    real = mint_for_a_test(Action.HIDE, now=NOW)
    made: MeasureGrant = object.__new__(MeasureGrant)
    for name in FIELDS:
        object.__setattr__(made, name, getattr(real, name))
    return made


def altered() -> MeasureGrant:
    """A minted grant whose target was changed past its guard."""
    real = mint_for_a_test(Action.HIDE, now=NOW)
    object.__setattr__(real, "external_id", "another comment")
    return real


class LooksAlike:
    """Duck-typed."""

    action, account_external_id, external_id = Action.HIDE, "us", "c-1"
    expires_at = NOW + timedelta(hours=1)


def test_a_grant_is_redeemed_once_for_what_it_says() -> None:
    grant = mint_for_a_test(Action.HIDE, now=NOW)
    assert redeem(grant, action=Action.HIDE, account=lambda: "us", now=NOW) is grant
    with pytest.raises(ChannelError, match="used already"):
        redeem(grant, action=Action.HIDE, account=lambda: "us", now=NOW)


@pytest.mark.parametrize(
    ("action", "account", "later"),
    [
        (Action.DELETE_OTHERS, "us", timedelta(0)),
        (Action.HIDE, "others", timedelta(0)),
        (Action.HIDE, "us", timedelta(minutes=2)),
    ],
)
def test_a_grant_holds_for_nothing_else(action: Action, account: str, later: timedelta) -> None:
    grant = mint_for_a_test(Action.HIDE, now=NOW)
    with pytest.raises(ChannelError) as refused:
        redeem(grant, action=action, account=lambda: account, now=NOW + later)
    assert (refused.value.code, refused.value.permanent) == ("no_grant", True)


def test_nobody_constructs_varies_changes_copies_or_stores_a_grant() -> None:
    grant = mint_for_a_test(Action.HIDE, now=NOW)
    for act in (
        lambda: MeasureGrant(),
        lambda: type("Mine", (MeasureGrant,), {}),
        lambda: setattr(grant, "external_id", "x"),
        lambda: delattr(grant, "external_id"),
        lambda: copy.copy(grant),
        lambda: copy.deepcopy(grant),
        lambda: pickle.dumps(grant),
        lambda: kit.claim_mint(),
    ):
        with pytest.raises(ForgedGrant):
            act()


def test_nobody_claims_the_mint_under_the_name_of_the_issuer() -> None:
    namespace: dict[str, Any] = {"__name__": kit.ISSUER, "kit": kit}
    with pytest.raises(ForgedGrant):
        exec("mint = kit.claim_mint()", namespace)  # noqa: S102 - what an impostor would do


@pytest.mark.parametrize("kind", list(registry.manifests()))
@pytest.mark.parametrize("action", sorted(GUARDED))
def test_no_channel_acts_on_what_was_not_minted(kind: str, action: Action) -> None:
    """S0.11, S0.12: below the pages, whoever calls."""
    manifest = registry.manifest(kind)
    if not manifest.can(action, mode=Mode.API):
        pytest.skip("the channel does not do it by itself")

    def resolve(host: str, port: int) -> list[str]:
        raise ChannelError("somebody wanted out", permanent=True, code="went_out")

    settings = {field.name: field.default or "x" for field in manifest.fields}
    context = ChannelContext(
        settings=settings, guard=OutboundGuard(resolver=resolve), clock=ScriptedClock(NOW)
    )
    channel = registry.open_channel(kind, context=context)
    for wrong in (None, "grant", {"action": action}, LooksAlike(), forged(), altered()):
        with pytest.raises(ChannelError) as refused:
            getattr(channel, action.value)(wrong)
        assert refused.value.code == "no_grant"


def test_only_the_guard_touches_the_mint() -> None:
    """No other module names the mint, what it is asked with, or what the guard made of it."""
    secret = {"claim_mint", "GrantFor", "_open_mint", "grant_for", "_grants_only_after_checks"}
    allowed = {"connectors/kit/grant.py", "measures/act.py"}
    touching = set()
    for path in SOURCE.rglob("*.py"):
        names = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                getattr(node, "id", None),
                getattr(node, "attr", None),
                *(alias.name for alias in getattr(node, "names", ()) if hasattr(alias, "name")),
            )
        }
        if names & secret:
            touching.add(path.relative_to(SOURCE).as_posix())
    assert touching == allowed


def test_every_guarded_method_takes_its_grant_first() -> None:
    for kind in registry.manifests():
        for action in GUARDED:
            method = getattr(registry._module(kind).Channel, action.value, None)
            if method is not None:
                assert method.__annotations__["grant"] in {"MeasureGrant", MeasureGrant}
