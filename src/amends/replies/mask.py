"""Takes personal data out of what leaves the machine, and puts it back into what comes home.

A stand-in looks like `{{PHONE_1}}`. The same words get the same stand-in in every text of one mask, so that
a model can still tell that two sentences speak of the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from amends_engine.text.normalise import MAX_CHARS
from amends_engine.text.personal_data.find import find_personal_data

AUTHOR = "{{AUTHOR}}"
WRITER = "{{WRITER}}"
_STAND_IN = re.compile(r"\{\{\s*([A-Z]+(?:_\d+)?)\s*\}\}")
_BRACES = re.compile(r"\{(?=\{)|\}(?=\})")
_SHORTEST_NAME = 2
_HANDLE = re.compile(r"(?<![\w@.])@[\w][\w.\-]{0,80}")


class Mask:
    """Hides and restores within one conversation; not shared, not stored."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        """`names` maps a person's name, as others write it, to its stand-in."""
        self._words: dict[str, str] = {}  # stand-in → the words
        self._known: dict[str, str] = {}  # the words, folded → stand-in
        self._counts: dict[str, int] = {}
        for name, stand_in in (names or {}).items():
            self._add_name(name, stand_in)
        self._names = _any_of(self._known)

    def hide(self, text: str) -> str:
        """`text` without personal data; what looks like a stand-in of ours already is taken apart.

        Only the first `MAX_CHARS` characters are read, and only they are returned.
        """
        text = _BRACES.sub(lambda found: found[0] + "\u200b", text[:MAX_CHARS])
        parts, at = [], 0
        for datum in find_personal_data(text):
            words = text[datum.start : datum.end]
            parts += [text[at : datum.start], self._stand_in(words, kind=datum.kind)]
            at = datum.end
        hidden = "".join([*parts, text[at:]])
        hidden = _outside(hidden, self._hide_names)
        return _outside(
            hidden,
            lambda piece: _HANDLE.sub(lambda one: self._stand_in(one[0], kind="handle"), piece),
        )

    def restore(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The text with the words put back, and the stand-ins that were never given out."""
        unknown: list[str] = []

        def put_back(found: re.Match[str]) -> str:
            name = "{{" + found[1] + "}}"
            if name in self._words:
                return self._words[name]
            unknown.append(name)
            return found[0]

        return _STAND_IN.sub(put_back, text), tuple(dict.fromkeys(unknown))

    @property
    def hidden(self) -> int:
        """How many different data were taken out."""
        return len(self._words)

    def _hide_names(self, text: str) -> str:
        if self._names is None:
            return text
        return self._names.sub(lambda found: self._known.get(_fold(found[0]), found[0]), text)

    def _stand_in(self, words: str, *, kind: str) -> str:
        key = _fold(words)
        if key not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[key] = f"{{{{{_letters(kind)}_{self._counts[kind]}}}}}"
            self._words[self._known[key]] = words
        return self._known[key]

    def _add_name(self, name: str, stand_in: str) -> None:
        whole = name.strip()
        for words in (whole, *whole.split()):
            if len(words) >= _SHORTEST_NAME and not words.isdigit():
                self._known.setdefault(_fold(words), stand_in)
        if whole:
            self._words.setdefault(stand_in, whole.split()[0])


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change only what lies between the stand-ins that are there already."""
    parts, at = [], 0
    for found in _STAND_IN.finditer(text):
        parts += [change(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, change(text[at:])])


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(words, key=len, reverse=True)
    if not longest_first:
        return None
    # A Turkish i is written in four ways, and not every keyboard has all of them.
    one = "|".join(re.sub("i", "[iıİI]\u0307?", re.escape(word)) for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{one})(?!\w)", re.IGNORECASE)


def _fold(words: str) -> str:
    return words.casefold().replace("\u0307", "").replace("ı", "i")


def _letters(kind: str) -> str:
    return re.sub(r"[^A-Z]", "", kind.upper()) or "DATUM"
