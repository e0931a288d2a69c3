"""Whatever has no API: a pasted post, a phone call, an e-mail; answered by a person.

This is the assisted mode that every channel without an API uses: the desk shows the approved text
and the address, a person pastes it there, and the desk looks whether it stands on the page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from amends.connectors.kit.events import (
    EventKind,
    Identity,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    SentReply,
)
from amends.connectors.kit.http import HttpClient
from amends.connectors.kit.manifest import Action, Capability, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.connectors.kit.published import look_for_text
from amends.core.text import gettext_noop

_SOURCE = "docs/connectors/manual.md"
LONGEST_ID = 250

_BY_HAND = (
    Action.HIDE,
    Action.UNHIDE,
    Action.DELETE_OTHERS,
    Action.RESTORE,
    Action.BLOCK,
    Action.UNBLOCK,
    Action.BAN,
    Action.UNBAN,
    Action.REPORT,
)

MANIFEST = Manifest(
    kind="manual",
    label=gettext_noop("By hand"),
    summary=gettext_noop(
        "Posts, calls and letters that a person brings in; answered where they were made."
    ),
    icon="manual",
    capabilities={
        Action.REPLY: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.DELETE_OWN: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.VERIFY_PUBLISHED: Capability(Mode.API, source=_SOURCE, idempotent=True),
        **{action: Capability(Mode.ASSISTED, source=_SOURCE) for action in _BY_HAND},
    },
    poll_every=timedelta(days=1),
)


class EntryKind(StrEnum):
    """How a matter that a person brings in reached the brand."""

    POST = "post"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


ENTRY_LABELS = {
    EntryKind.POST: gettext_noop("Post or comment on a web page"),
    EntryKind.PHONE: gettext_noop("Phone call"),
    EntryKind.EMAIL: gettext_noop("E-mail"),
    EntryKind.LETTER: gettext_noop("Letter"),
    EntryKind.IN_PERSON: gettext_noop("Said in person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a person typed in; `id` is a UUID of the form, so that sending it twice is one entry."""

    id: str
    kind: EntryKind
    text: str
    author_name: str
    published_at: datetime
    url: str = ""
    language: str = ""


def record_entry(entry: Entry, *, observed_at: datetime) -> InboundEvent:
    """The event that an entry stands for; ValueError for an entry without text.

    A pasted post is known by its address, so that two people who paste it make one comment.
    """
    if not entry.text.strip():
        raise ValueError("the entry has no text: write down what was said")
    external_id = f"{entry.kind}:{_short(entry.url.strip()) or entry.id}"
    version_key = hashlib.sha256(entry.text.encode()).hexdigest()[:16]
    name = entry.author_name.strip()
    return InboundEvent(
        key=f"{external_id}@{version_key}",
        kind=EventKind.CREATED,
        external_id=external_id,
        observed_at=observed_at,
        comment=InboundComment(
            external_id=external_id,
            author=InboundAuthor(
                f"{entry.kind}:{name.casefold() or entry.id}", name, display_name=name
            ),
            text=entry.text,
            published_at=entry.published_at,
            version_key=version_key,
            url=entry.url.strip(),
            language=entry.language,
        ),
        payload={"entry": entry.id, "kind": entry.kind.value, "url": entry.url, "text": entry.text},
    )


def _short(url: str) -> str:
    """The address, or where it is longer than an id may be, its digest."""
    return url if len(url) <= LONGEST_ID else hashlib.sha256(url.encode()).hexdigest()


class Channel:
    """Needs no credentials; reaches out only to look at a page that a person named."""

    def __init__(self, context: ChannelContext) -> None:
        self._http = HttpClient(context.guard, clock=context.clock)

    def identify(self) -> Identity:
        return Identity("manual", "manual")

    def export_session(self) -> str:
        return ""

    def verify_published(self, url: str, text: str) -> SentReply | None:
        """Whether `text` stands on the page; None where a person must look and confirm."""
        return look_for_text(self._http, url=url, text=text)
