"""What one sees of an HTML mail, as plain text: no styles, no scripts, quotes marked as in plain mails."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPACE = re.compile(r"\s+")
_UNSEEN = frozenset({"style", "script", "head", "title", "template"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table"})


def text_of_html(html: str) -> str:
    """Never raises: whatever cannot be read as HTML is read as text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = [(0, "")]
        self._unseen = 0
        self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag == "blockquote":
            self._quotes += 1
        if tag in _BREAKS:
            self._lines.append((self._quotes, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        if tag == "blockquote":
            self._quotes = max(self._quotes - 1, 0)
        if tag in _BREAKS:
            self._lines.append((self._quotes, ""))

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        quotes, line = self._lines[-1]
        self._lines[-1] = (quotes, _SPACE.sub(" ", line + data))

    def text(self) -> str:
        lines = [f"{'> ' * quotes}{line.strip()}" for quotes, line in self._lines if line.strip()]
        return "\n".join(lines)
