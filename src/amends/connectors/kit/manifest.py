"""What a channel declares about itself: read by settings form, buttons, docs and tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Action(StrEnum):
    """What may be done on a channel."""

    POLL = "poll"  # hear what is new
    SEARCH = "search"  # hear what was said about us, not to us
    REFETCH = "refetch"  # look at one comment again: edited, gone?
    CONTEXT = "context"  # read the thread around a comment
    PROFILE = "profile"  # read who wrote
    REPLY = "reply"
    FIND_REPLY = "find_reply"  # look up whether a reply of ours arrived
    DELETE_OWN = "delete_own"
    VERIFY_PUBLISHED = "verify_published"  # assisted mode: does the pasted reply stand there?
    HIDE = "hide"  # measures: each of the next five takes a MeasureGrant (kit/grant.py)
    DELETE_OTHERS = "delete_others"
    BLOCK = "block"
    REPORT = "report"
    BAN = "ban"
    UNHIDE = "unhide"
    RESTORE = "restore"  # bring back what delete_others took away
    UNBLOCK = "unblock"
    UNBAN = "unban"
    FIND_MEASURE = "find_measure"  # look up whether a measure took effect


class Mode(StrEnum):
    """How an action is carried out."""

    API = "api"
    ASSISTED = "assisted"  # a person does it on the channel, the desk verifies
    NONE = "none"  # the platform does not offer it, and `source` says where that is written


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether an action is possible, how, and which document of the platform says so."""

    mode: Mode
    source: str
    idempotent: bool = False  # doing it twice with the same key changes nothing


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the settings form asks for; label and help are marked for translation."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A channel in a few lines."""

    kind: str
    label: str
    summary: str
    icon: str  # file name below static/channels/, without ending
    capabilities: dict[Action, Capability]
    fields: tuple[Field, ...] = ()
    max_reply_chars: int | None = None  # counted as `reply_length_unit` says
    reply_length_unit: str = "codepoints"  # codepoints | graphemes
    poll_every: timedelta = field(default=timedelta(seconds=10))
    public: bool = True  # whether replies are read by everybody
    place: str = ""  # as ChannelType of the playbook; "" where it may be any place

    def can(self, action: Action, *, mode: Mode | None = None) -> bool:
        """Whether the action is possible at all, or in the mode asked for."""
        capability = self.capabilities.get(action)
        if capability is None or capability.mode is Mode.NONE:
            return False
        return mode is None or capability.mode is mode
