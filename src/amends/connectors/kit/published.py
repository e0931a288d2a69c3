"""Looks whether a text stands on a page that a person names: the proof of whatever is sent by hand."""

from __future__ import annotations

import json
import unicodedata
from html.parser import HTMLParser

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import SentReply
from amends.connectors.kit.http import HttpCall, HttpClient

SHORTEST_PROOF = 12
"""Letters and digits that a text must have before finding it on a page proves anything."""


def find_published(http: HttpClient, *, url: str, text: str) -> SentReply | None:
    """Fetch the page and look; None where a person must look and confirm.

    Raises ChannelError where the guard or the address itself refuses: the person must hear why.
    """
    call = HttpCall(
        method="GET",
        url=url.strip(),
        headers={"Accept": "text/html, application/json;q=0.8, text/plain;q=0.7, */*;q=0.1"},
        follow_redirects=True,
    )
    try:
        answer = http.ask(call)
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
