"""Reads one row of a file by its map: the parts as values, or the column at fault and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from amends.core.file_map.file_map import ISO, UNIX, UNIX_MS, FileMap, Part
from amends.core.text import gettext_noop

MAX_TEXT = 100_000
MAX_ID = 250
MAX_WORD = 300
MAX_URL = 2_000
MAX_FOLLOWERS = 10**11
_LONGEST = {Part.TEXT: MAX_TEXT, Part.URL: MAX_URL, Part.AUTHOR_URL: MAX_URL}
_IDS = (Part.ID, Part.AUTHOR_ID, Part.THREAD, Part.PARENT)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken: `template` is a message id that `params` fill.

    `column` as the file calls it, empty where the whole row is meant.
    """

    column: str
    template: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return self.template % self.params if self.params else self.template


class BadValue(Exception):
    """A value that cannot be what its column is said to hold."""

    def __init__(self, template: str, **params: str) -> None:
        super().__init__(template)
        self.template = template
        self.params = params


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row in the words of the desk; empty where the file says nothing."""

    text: str
    published_at: datetime
    edited_at: datetime | None
    followers: int | None
    is_ours: bool
    words: Mapping[Part, str]  # every other part

    def word(self, part: Part) -> str:
        return self.words.get(part, "")


def read_row(
    values: Mapping[str, Any], *, file_map: FileMap, now: datetime
) -> MappedRow | list[RowProblem]:
    """The row, or everything that is wrong with it. A comment of the future is wrong: its clock would be."""
    problems: list[RowProblem] = []
    read: dict[Part, Any] = {}
    for part, column in file_map.columns.items():
        try:
            read[part] = _read_part(part, values.get(column), file_map=file_map, now=now)
        except BadValue as bad:
            problems.append(RowProblem(column, bad.template, bad.params))
    text, published = read.get(Part.TEXT), read.get(Part.PUBLISHED_AT)
    for part, value in ((Part.TEXT, text), (Part.PUBLISHED_AT, published)):
        if not value and part in read:
            problems.append(RowProblem(file_map.columns[part], gettext_noop("is empty")))
    own, parent = read.get(Part.ID), read.get(Part.PARENT)
    if own and own == parent:
        template = gettext_noop("names the comment itself as what it answers")
        problems.append(RowProblem(file_map.columns[Part.PARENT], template))
    if problems:
        return problems
    special = {Part.TEXT, Part.PUBLISHED_AT, Part.EDITED_AT, Part.FOLLOWERS, Part.OURS}
    words = {part: value for part, value in read.items() if part not in special and value}
    if file_map.language and Part.LANGUAGE not in words:
        words[Part.LANGUAGE] = file_map.language
    return MappedRow(
        text=read[Part.TEXT],
        published_at=read[Part.PUBLISHED_AT],
        edited_at=read.get(Part.EDITED_AT),
        followers=read.get(Part.FOLLOWERS),
        is_ours=read.get(Part.OURS, False),
        words=words,
    )


def _read_part(part: Part, value: Any, *, file_map: FileMap, now: datetime) -> Any:
    if part in {Part.PUBLISHED_AT, Part.EDITED_AT}:
        return _read_date(value, file_map=file_map, now=now)
    if part is Part.FOLLOWERS:
        return _read_number(value)
    text = _read_text(value)
    if part is Part.OURS:
        return text.casefold() in file_map.ours
    longest = MAX_ID if part in _IDS else _LONGEST.get(part, MAX_WORD)
    if len(text) > longest:
        raise BadValue(
            gettext_noop("has more than %(limit)s characters; shorten it"), limit=str(longest)
        )
    is_address = part in {Part.URL, Part.AUTHOR_URL}
    if is_address and text and not text.lower().startswith(("https://", "http://")):
        raise BadValue(gettext_noop("is no address that begins with https:// or http://"))
    return text


def _read_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # an id that went through a spreadsheet
    if isinstance(value, dict | list | bytes):
        raise BadValue(gettext_noop("is neither a text nor a number"))
    return str(value).replace("\x00", "\ufffd").strip()


def _read_number(value: Any) -> int | None:
    text = _read_text(value)
    if not text:
        return None
    bare = text.replace(" ", "").replace("\u00a0", "").replace("_", "")
    if not (bare.isascii() and bare.isdigit()) or int(bare) > MAX_FOLLOWERS:
        raise BadValue(gettext_noop("%(value)s is not a whole number"), value=text[:40])
    return int(bare)


def _read_date(value: Any, *, file_map: FileMap, now: datetime) -> datetime | None:
    if isinstance(value, datetime):
        moment = value
    else:
        text = _read_text(value)
        if not text:
            return None
        moment = _parse(text, file_map.date_format)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=file_map.zone)
    try:
        found = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadValue(gettext_noop("lies outside the calendar")) from None
    if found > now:
        raise BadValue(gettext_noop("lies in the future"))
    if found < EARLIEST:
        raise BadValue(gettext_noop("lies before 1990; check the form of the dates"))
    return found


def _parse(text: str, form: str) -> datetime:
    try:
        if form == ISO:
            return datetime.fromisoformat(text)
        if form in {UNIX, UNIX_MS}:
            number = float(text)
            return datetime.fromtimestamp(number / (1000 if form == UNIX_MS else 1), tz=UTC)
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone of the map is added by the caller
    except (ValueError, OverflowError, OSError):
        template = gettext_noop("%(value)s is not a date of the form %(form)s")
        raise BadValue(template, value=text[:40], form=form) from None
