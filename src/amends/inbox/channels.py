"""Opens the channel behind an account: its settings unsealed, its way out guarded."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from amends.connectors import registry
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.manifest import Manifest
from amends.connectors.kit.protocol import Channel, ChannelContext
from amends.core.clock import Clock
from amends.inbox.credentials import SealBroken, seal, unseal
from amends.inbox.models import ChannelAccount


def manifest_of(account: ChannelAccount) -> Manifest:
    return registry.manifest(account.kind)


def outbound_guard() -> OutboundGuard:
    """The guard with the private addresses that the owner listed in AMENDS_OUTBOUND_ALLOW."""
    return OutboundGuard(allow=frozenset(_read_pair(pair) for pair in settings.OUTBOUND_ALLOW))


def open_account(account: ChannelAccount, *, clock: Clock) -> Channel:
    """The channel, ready to be asked; raises ChannelError when its credentials cannot be opened."""
    try:
        secrets = unseal(account.sealed_settings)
        session = unseal(account.sealed_session).get("session", "")
    except SealBroken as error:
        raise ChannelError(str(error), permanent=True, code="credentials") from error
    return open_channel(account.kind, {**account.settings, **secrets}, clock=clock, session=session)


def open_channel(kind: str, values: dict[str, str], *, clock: Clock, session: str = "") -> Channel:
    """A channel of a kind with plain settings, as the connect form has them."""
    context = ChannelContext(settings=values, guard=outbound_guard(), clock=clock, session=session)
    return registry.open_channel(kind, context=context)


def sealed_session(channel: Channel) -> bytes:
    session = channel.export_session()
    return seal({"session": session}) if session else b""


def _read_pair(pair: str) -> tuple[str, int]:
    host, _, port = pair.rpartition(":")
    if not host or not port.isdigit():
        raise ImproperlyConfigured(
            f"AMENDS_OUTBOUND_ALLOW holds {pair!r}: write host:port, for example 127.0.0.1:2583."
        )
    return host.strip("[]"), int(port)
