"""What a list of cases is narrowed to: read from an address, written back into one; no database is asked.

Whatever stands in an address is read without an error: what means nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from amends.cases.models.case import CaseStatus
from amends.core.vocabulary import Category, Priority, Severity

MAX_WORDS = 200  # characters of a search
MAX_LABELS = 10
ME, NOBODY = "me", "nobody"
ORDERS = ("due", "newest", "oldest", "severity", "changed")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_KEY = re.compile(r"[1-9][0-9]{0,17}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Conditions that all hold at once; within severity, priority and status any of those named.

    Days count in the reader's time zone, `until` included. An empty order is the one of the view.
    """

    channel: int | None = None
    label: tuple[int, ...] = ()  # the case bears all of them
    language: str = ""
    category: str = ""
    severity: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: str = ""  # me, nobody, or the key of a person
    status: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    q: str = ""
    order: str = ""

    @classmethod
    def read(cls, values: Values) -> CaseFilter:
        """From the values of an address (name → all that was given under it)."""
        return cls(
            channel=_key(_last(values, "channel")),
            label=_labels(values.get("label", ())),
            language=_language(_last(values, "language")),
            category=_known(_last(values, "category"), list(Category)),
            severity=_some(values.get("severity", ()), list(Severity)),
            priority=_some(values.get("priority", ()), list(Priority)),
            assignee=_assignee(_last(values, "assignee")),
            status=_some(values.get("status", ()), CaseStatus.values),
            since=_day(_last(values, "since")),
            until=_day(_last(values, "until")),
            q=_words(_last(values, "q")),
            order=_known(_last(values, "order"), ORDERS),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of everything that is set, always in the same order."""
        return [
            (field.name, str(one))
            for field in fields(self)
            for one in _each(getattr(self, field.name))
        ]

    @property
    def query(self) -> str:
        """The same as a querystring."""
        return urlencode(self.pairs())

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What narrows the list: everything but the order."""
        return [(name, value) for name, value in self.pairs() if name != "order"]

    def without(self, name: str, value: str) -> CaseFilter:
        """The filter with one condition taken away."""
        kept: dict[str, list[str]] = {}
        for one, text in self.pairs():
            if (one, text) != (name, value):
                kept.setdefault(one, []).append(text)
        return CaseFilter.read(kept)

    def with_order(self, order: str) -> CaseFilter:
        return replace(self, order=_known(order, ORDERS))


def _each(value: object) -> Iterable[object]:
    if isinstance(value, tuple):
        return value
    return () if value in (None, "") else (value,)


def _last(values: Values, name: str) -> str:
    given = values.get(name, ())
    return given[-1] if given else ""


def _known(text: str, codes: Iterable[str]) -> str:
    return next((str(code) for code in codes if code == text), "")


def _some(given: Iterable[str], codes: Sequence[str]) -> tuple[str, ...]:
    wanted = set(given)
    return tuple(str(code) for code in codes if code in wanted)


def _key(text: str) -> int | None:
    return int(text) if _KEY.fullmatch(text) else None


def _labels(given: Iterable[str]) -> tuple[int, ...]:
    keys = (_key(one) for one in given)
    return tuple(sorted({one for one in keys if one is not None})[:MAX_LABELS])


def _language(text: str) -> str:
    return text if _LANGUAGE.fullmatch(text) else ""


def _assignee(text: str) -> str:
    return text if text in {ME, NOBODY} or _KEY.fullmatch(text) else ""


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _words(text: str) -> str:
    seen = "".join(one if one.isprintable() else " " for one in text)
    # A single blank at the end says that the last word is finished: it is no beginning of one.
    words = " ".join(seen.split())[:MAX_WORDS].rstrip()
    return f"{words} " if words and seen[-1:] == " " and len(words) < MAX_WORDS else words
