"""Whatever has no API: a pasted post, a phone call, an e-mail; answered by a person.

This is the assisted mode that every channel without an API uses: the desk shows the approved text
and the address, a person pastes it there, and the desk looks whether it stands on the page.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from html.parser import HTMLParser

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import (
    EventKind,
    Identity,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    SentReply,
)
from amends.connectors.kit.http import HttpCall, HttpClient
from amends.connectors.kit.manifest import Action, Capability, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.core.text import gettext_noop

_SOURCE = "docs/connectors/manual.md"
LONGEST_ID = 250
SHORTEST_PROOF = 12
"""Letters and digits that a text must have before finding it on a page proves anything."""

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
        call = HttpCall(
            method="GET",
            url=url.strip(),
            headers={"Accept": "text/html, application/json;q=0.8, text/plain;q=0.7, */*;q=0.1"},
            follow_redirects=True,
        )
        try:
            answer = self._http.ask(call)
        except ChannelError as error:
            if error.code == "refused" and error.permanent and "answered" not in str(error):
                raise  # the guard or the address itself: the person must hear why
            return None
        if not is_text_on_page(text, page=answer.text):
            return None
        return SentReply(answer.url, answer.url, payload={"status": answer.status, "asked": url})


def is_text_on_page(text: str, *, page: str) -> bool:
    """Whether the letters and digits of `text` stand in `page` in one piece.

    Only these are compared, since pages break lines, swap quotation marks and turn emoji into
    pictures. Looked at are the words one sees, descriptions in attributes, and embedded JSON.
    """
    wanted = _bare(text)
    if len(wanted) < SHORTEST_PROOF:
        return False
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return any(
        wanted in _bare(part)
        for part in ("".join(reader.seen), *reader.described, *reader.embedded)
    )


def _bare(text: str) -> str:
    """Letters, marks and digits alone, in one case and one composition."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # A page that writes in capitals turns the dotless and the dotted i of Turkish into I and İ.
    folded = folded.replace("i\u0307", "i").replace("ı", "i")
    return "".join(
        c for c in unicodedata.normalize("NFC", folded) if unicodedata.category(c)[0] in "LMN"
    )


class _PageReader(HTMLParser):
    """Collects what a page says in three ways; never raises, since pages are rarely well made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.described: list[str] = []
        self.embedded: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden = tag
        self.described.extend(
            value
            for name, value in attrs
            if value and name in ("content", "alt", "title", "aria-label")
        )

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if self._hidden == "script":
            self.embedded.extend(_strings_of(data))
        elif not self._hidden:
            self.seen.append(data)
            self.embedded.extend(_strings_of(data))


def _strings_of(data: str) -> list[str]:
    """The texts in a JSON document, where `data` is one: many pages carry their words so."""
    if data.lstrip()[:1] not in ("{", "["):
        return []
    try:
        waiting = [json.loads(data)]
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found
