"""Comments that come in a file: the history of another tool, an export of a platform, a survey.

Nobody listens to a file; a reply to what stood in it is posted by a person where the comment was made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

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
from amends.connectors.kit.published import find_published
from amends.core.digest import keyed_digest
from amends.core.file_map.file_map import Part
from amends.core.file_map.read_row import MappedRow
from amends.core.text import gettext_noop

_SOURCE = "docs/connectors/file.md"
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
KIND = "file"
NAMELESS = "?"  # whoever wrote a row without an author

MANIFEST = Manifest(
    kind=KIND,
    label=gettext_noop("File"),
    summary=gettext_noop(
        "Comments from a file: CSV, JSONL or Parquet; answered where they were made."
    ),
    icon="file",
    capabilities={
        Action.REPLY: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.DELETE_OWN: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.VERIFY_PUBLISHED: Capability(Mode.API, source=_SOURCE, idempotent=True),
        **{action: Capability(Mode.ASSISTED, source=_SOURCE) for action in _BY_HAND},
    },
    poll_every=timedelta(days=1),
)


def record_row(
    row: MappedRow, *, values: Mapping[str, Any], place: str, observed_at: datetime, secret: bytes
) -> InboundEvent:
    """The event that a row stands for; `place` says which row of which file, `values` are the row as it was.

    A row without an id is known by its words, author and time, so that importing it again is harmless; the id
    is a keyed digest (`secret`), since ids are shown and logged and words are not.
    """
    external_id = row.word(Part.ID) or _own_id(row, secret=secret)
    name = row.word(Part.AUTHOR) or row.word(Part.HANDLE) or NAMELESS
    handle = row.word(Part.HANDLE) or name
    author_id = row.word(Part.AUTHOR_ID) or handle.casefold()
    if author_id == NAMELESS:
        author_id = f"{NAMELESS}{external_id}"  # two people without a name are not one
    comment = InboundComment(
        external_id=external_id,
        author=InboundAuthor(
            author_id,
            handle,
            display_name=name,
            url=row.word(Part.AUTHOR_URL),
            followers=row.followers,
        ),
        text=row.text,
        published_at=row.published_at,
        edited_at=row.edited_at,
        is_ours=row.is_ours,
        url=row.word(Part.URL),
        thread_external_id=row.word(Part.THREAD) or row.word(Part.PARENT),
        parent_external_id=row.word(Part.PARENT),
        language=row.word(Part.LANGUAGE),
    )
    payload = {"from": place, "row": {key: _plain(value) for key, value in values.items()}}
    if row.word(Part.ORDER):
        payload["order"] = row.word(Part.ORDER)
    return InboundEvent(
        key=f"{external_id}@{_short(row, secret=secret)}",
        kind=EventKind.CREATED,
        external_id=external_id,
        observed_at=observed_at,
        comment=comment,
        payload=payload,
    )


def _own_id(row: MappedRow, *, secret: bytes) -> str:
    said = {
        "text": row.text,
        "at": row.published_at.isoformat(),
        "author": row.word(Part.AUTHOR_ID) or row.word(Part.HANDLE) or row.word(Part.AUTHOR),
    }
    return f"row:{keyed_digest(secret, said)[:40]}"


def _short(row: MappedRow, *, secret: bytes) -> str:
    return keyed_digest(secret, row.text)[:16]


def _plain(value: Any) -> Any:
    """A value of a row as JSON: what Parquet has besides becomes text, bytes their digest."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) < 1e15 else str(value)
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)


class Channel:
    """Needs no credentials; reaches out only to look at a page that a person named."""

    def __init__(self, context: ChannelContext) -> None:
        self._http = HttpClient(context.guard, clock=context.clock)

    def identify(self) -> Identity:
        return Identity(KIND, KIND)

    def export_session(self) -> str:
        return ""

    def verify_published(self, url: str, text: str) -> SentReply | None:
        """Whether `text` stands on the page; None where a person must look and confirm."""
        return find_published(self._http, url=url, text=text)
