"""The methods that a channel may have: exactly those that its manifest claims with mode api."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from amends.connectors.kit.events import (
    Identity,
    InboundAuthor,
    InboundEvent,
    MeasureDone,
    MeasureTarget,
    OutboundReply,
    Poll,
    SentReply,
)
from amends.connectors.kit.grant import MeasureGrant
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.manifest import Action
from amends.core.clock import Clock


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """Everything a channel is given: settings, a session to keep, the guarded way out, the time.

    `session` is the opaque string that `export_session` returned last time (tokens), so that a
    restart does not sign in again.
    """

    settings: Mapping[str, str]
    guard: OutboundGuard
    clock: Clock
    session: str = ""


@runtime_checkable
class Channel(Protocol):
    """The smallest channel: it can say who it is. Everything else is claimed by the manifest.

    Every method raises ChannelError and nothing else.
    """

    def __init__(self, context: ChannelContext) -> None: ...

    def identify(self) -> Identity:
        """Check the credentials; wrong ones are a permanent ChannelError, code "credentials"."""
        ...

    def export_session(self) -> str:
        """What to keep so that the next start needs no sign-in; may be empty."""
        ...


class PollingChannel(Channel, Protocol):
    """Action.POLL: `cursor` is empty the first time; own posts come as context with `is_ours`."""

    def poll(self, cursor: str) -> Poll: ...


class SearchingChannel(Channel, Protocol):
    """Action.SEARCH: what was posted in public since `cursor`, whoever it was said to.

    `names` are the spellings that are looked for. A channel that searches by words narrows by them as far as
    it can; one that shows everything may leave them aside, since the desk matches every text itself. An empty
    cursor means "from now on": no events, and a cursor.
    """

    def search(self, names: Sequence[str], cursor: str) -> Poll: ...


class RefetchingChannel(Channel, Protocol):
    """Action.REFETCH: the present state of a comment, as an event whose key is stable for it."""

    def refetch(self, external_id: str) -> InboundEvent: ...


class ContextChannel(Channel, Protocol):
    """Action.CONTEXT: the ancestors, siblings and answers of a comment, each as an event."""

    def context(self, external_id: str) -> tuple[InboundEvent, ...]: ...


class ProfileChannel(Channel, Protocol):
    """Action.PROFILE: who an author is, now."""

    def profile(self, author_external_id: str) -> InboundAuthor: ...


class ReplyingChannel(Channel, Protocol):
    """Action.REPLY and Action.FIND_REPLY: send, and look up by the same key what became of it."""

    def reply(self, reply: OutboundReply) -> SentReply: ...

    def find_reply(self, reply: OutboundReply) -> SentReply | None: ...


class DeletingChannel(Channel, Protocol):
    """Action.DELETE_OWN: take back a reply of ours; a reply that is gone already counts as done."""

    def delete_own(self, external_id: str) -> None: ...


class VerifyingChannel(Channel, Protocol):
    """Action.VERIFY_PUBLISHED: fetch the pasted address and look for the approved text."""

    def verify_published(self, url: str, text: str) -> SentReply | None: ...


# Measures. What is done to others takes a grant, and `kit.grant.redeem` is the first line of the method;
# undoing needs none. Each is harmless where the state is so already, except a report.


class HidingChannel(Channel, Protocol):
    """Action.HIDE and Action.UNHIDE: others no longer see a comment, its author still may."""

    def hide(self, grant: MeasureGrant) -> MeasureDone: ...

    def unhide(self, target: MeasureTarget) -> None: ...


class DeletingOthersChannel(Channel, Protocol):
    """Action.DELETE_OTHERS and Action.RESTORE: take away a comment of somebody else."""

    def delete_others(self, grant: MeasureGrant) -> MeasureDone: ...

    def restore(self, target: MeasureTarget) -> None: ...


class BlockingChannel(Channel, Protocol):
    """Action.BLOCK and Action.UNBLOCK: the author and our account no longer meet."""

    def block(self, grant: MeasureGrant) -> MeasureDone: ...

    def unblock(self, target: MeasureTarget) -> None: ...


class BanningChannel(Channel, Protocol):
    """Action.BAN and Action.UNBAN: the author may not comment with us; the desk ends a temporary ban."""

    def ban(self, grant: MeasureGrant) -> MeasureDone: ...

    def unban(self, target: MeasureTarget) -> None: ...


class ReportingChannel(Channel, Protocol):
    """Action.REPORT: tell the platform; it cannot be taken back."""

    def report(self, grant: MeasureGrant) -> MeasureDone: ...


class MeasureFindingChannel(Channel, Protocol):
    """Action.FIND_MEASURE: after a lost answer, whether the measure stands; None where it does not.

    Raises a permanent ChannelError, code "cannot_tell", where the channel does not say.
    """

    def find_measure(self, action: Action, target: MeasureTarget) -> MeasureDone | None: ...
