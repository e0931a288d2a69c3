"""Verifying the whole log in one pass: entries, links, signed heads, and the heads file beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from amends.core.chain import MAX_BATCH, Link, LogEntry
from amends.core.check_batch import Batch, Place, check_batch, make_place
from amends.core.heads import GENESIS, BatchHead, SignedHead, parse_head_line, verify_head
from amends.core.log_problems import LogProblem, problem
from amends.core.log_problems import LogProblemCode as Code

LOOK_AHEAD = 2 * MAX_BATCH  # how far ids may be out of the order in which they were sealed
_STRAYS = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredLog:
    """The record as it lies in the database, and the lines of the heads file.

    Entries in the order of their ids, links of their positions, heads of their numbers, lines as
    they stand. Iterators are read once, and never more than a few batches are kept in memory.
    """

    entries: Iterable[LogEntry]
    links: Iterable[Link]
    heads: Iterable[SignedHead]
    head_lines: Iterable[str | bytes]


def verify_log(log: StoredLog, *, public_keys: Sequence[Ed25519PublicKey]) -> Iterator[LogProblem]:
    """Yield everything that is wrong, in the order of the chain; nothing for a sound log.

    Finds entries altered, deleted or moved, links and heads altered or deleted, signatures of other
    keys, a tail that was cut off (the heads file knows more than the database), a heads file that
    was cut or rewritten. Entries not sealed yet come last, as information. What it cannot find:
    entries deleted before they were sealed, and a tail cut from database and heads file alike; so
    seal often, and keep a copy of the file elsewhere.
    """
    return _Verification(log, public_keys).run()


class _Peekable(Generic[T]):
    """An iterator whose next item can be looked at."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self.next: T | None = next(self._items, None)

    def take(self) -> T | None:
        taken = self.next
        self.next = next(self._items, None)
        return taken


class _EntryWindow:
    """Hands out entries by id although they come in the order of ids and links do not quite."""

    def __init__(self, entries: Iterable[LogEntry]) -> None:
        self._entries = iter(entries)
        self._waiting: dict[int, LogEntry] = {}

    def take(self, entry_id: int) -> LogEntry | None:
        while entry_id not in self._waiting and len(self._waiting) < LOOK_AHEAD:
            entry = next(self._entries, None)
            if entry is None:
                break
            self._waiting[entry.id] = entry
        return self._waiting.pop(entry_id, None)

    def strays(self) -> Iterator[LogEntry]:
        return islice(self._waiting.values(), _STRAYS)

    def rest(self) -> Iterator[LogEntry]:
        yield from self._waiting.values()
        yield from self._entries


@dataclass(frozen=True, slots=True)
class _FiledHead:
    """A line of the heads file; `signed` is None when the line cannot be trusted (told already)."""

    line: int
    number: int
    signed: SignedHead | None


class _Verification:
    """One pass over a log; holds how far it has come."""

    def __init__(self, log: StoredLog, public_keys: Sequence[Ed25519PublicKey]) -> None:
        self._keys = public_keys
        self._found: list[LogProblem] = []
        self._entries = _EntryWindow(log.entries)
        self._links = _Peekable(log.links)
        self._heads = _Peekable(log.heads)
        self._filed = _Peekable(self._read_lines(log.head_lines))
        self._number = 0  # of the last batch met, trusted or not
        self._hash = GENESIS  # at the end of the last stretch that was checked
        self._position = 1  # of the next link to check
        self._cut: list[BatchHead] = []
        self._is_file_cut = False
        self._is_doubted = False  # the last head met cannot be trusted, which is told already

    def run(self) -> Iterator[LogProblem]:
        while self._heads.next is not None or self._filed.next is not None:
            head = self._next_head()
            yield from self._tell_found()
            self._is_doubted = head is None
            if head is not None:
                yield from self._check_up_to(head)
        yield from self._check_headless()
        yield from self._tell_cut()
        yield from self._tell_unsealed()

    def _tell_found(self) -> Iterator[LogProblem]:
        found, self._found = self._found, []
        yield from found

    def _report(self, code: Code, **params: object) -> None:
        self._found.append(problem(code, **params))

    def _is_ours(self, signed: SignedHead) -> bool:
        return verify_head(signed, public_keys=self._keys)

    def _read_lines(self, lines: Iterable[str | bytes]) -> Iterator[_FiledHead]:
        number = 0
        for line, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            signed: SignedHead | None = None
            try:
                signed = parse_head_line(text)
            except ValueError as error:
                self._report(Code.HEADS_FILE_UNREADABLE, line=line, reason=error)
            if signed is not None and not self._is_ours(signed):
                self._report(Code.HEADS_FILE_REWRITTEN, line=line, batch=number + 1)
                signed = None
            if signed is not None and signed.head.number <= number:
                self._report(Code.HEADS_FILE_REWRITTEN, line=line, batch=signed.head.number)
                continue
            number = number + 1 if signed is None else signed.head.number
            yield _FiledHead(line, number, signed)

    def _next_head(self) -> BatchHead | None:
        """Return the next head that database or file vouch for; report where they disagree."""
        waiting = [
            one.head.number if isinstance(one, SignedHead) else one.number
            for one in (self._heads.next, self._filed.next)
            if one is not None
        ]
        number = min(waiting)
        stored, filed = self._heads.next, self._filed.next
        is_stored = stored is not None and stored.head.number == number
        is_filed = filed is not None and filed.number == number
        stored = self._heads.take() if is_stored else None
        filed = self._filed.take() if is_filed else None
        self._note_gap(number, is_stored=is_stored)
        return self._reconcile(number, stored=stored, filed=filed)

    def _note_gap(self, number: int, *, is_stored: bool) -> None:
        if is_stored and number > self._number + 1:
            self._report(Code.MISSING_HEAD, batch=self._number + 1)
        self._number = max(self._number, number)

    def _reconcile(
        self, number: int, *, stored: SignedHead | None, filed: _FiledHead | None
    ) -> BatchHead | None:
        written = filed.signed if filed is not None else None
        if stored is None:
            return self._miss(written)
        if filed is None:
            self._miss_line(number)
        if not self._is_ours(stored):
            self._report(Code.BAD_SIGNATURE, batch=number)
            return written.head if written is not None else None
        if filed is not None and written is not None and written.head != stored.head:
            self._report(Code.HEADS_FILE_REWRITTEN, line=filed.line, batch=number)
        return stored.head

    def _miss(self, written: SignedHead | None) -> BatchHead | None:
        """The database lacks a head of the file: cut off with all that follows, or taken out."""
        if written is None:
            return None
        if self._heads.next is None and self._links_end_before(written.head):
            self._cut.append(written.head)
            return None
        self._report(Code.MISSING_HEAD, batch=written.head.number)
        return written.head

    def _links_end_before(self, head: BatchHead) -> bool:
        following = self._links.next
        return following is None or following.position >= head.next_position

    def _miss_line(self, number: int) -> None:
        if self._filed.next is not None:
            self._report(Code.HEADS_FILE_MISSING_LINE, batch=number)
        elif not self._is_file_cut:
            self._is_file_cut = True
            self._report(Code.HEADS_FILE_CUT, batch=number)

    def _check_up_to(self, head: BatchHead) -> Iterator[LogProblem]:
        """Check what lies before the batch without a head of its own, then the batch."""
        yield from self._check_stretch(head.first_position, batch=head.number)
        if self._position != head.first_position or self._hash != head.previous_hash:
            yield problem(Code.BROKEN_HEAD, batch=head.number)
        places = range(head.first_position, head.next_position)
        yield from self._check_places(places, start=head.previous_hash, head=head)
        self._hash, self._position = head.hash, head.next_position

    def _check_stretch(self, until: int, *, batch: int) -> Iterator[LogProblem]:
        """Check links whose heads cannot be trusted, piece by piece, up to a position."""
        while (
            self._position < until
            and (following := self._links.next) is not None
            and following.position < until
        ):
            size = min(MAX_BATCH, until - self._position)
            last = self._hash
            places = [self._take_place(at) for at in range(self._position, self._position + size)]
            stretch = Batch(batch - 1, last, None, places)
            yield from self._tell_found()
            yield from check_batch(stretch, strays=self._entries.strays())
            self._hash = next((one.link.hash for one in reversed(places) if one.link), last)
            self._position += size

    def _check_places(
        self, positions: range, *, start: str, head: BatchHead
    ) -> Iterator[LogProblem]:
        places = [self._take_place(position) for position in positions]
        yield from self._tell_found()
        batch = Batch(head.number, start, head.hash, places)
        yield from check_batch(batch, strays=self._entries.strays())

    def _take_place(self, position: int) -> Place:
        while (link := self._links.next) is not None and link.position < position:
            self._links.take()
            self._report(Code.BROKEN_LINK, position=link.position, entry=link.entry_id)
        if link is None or link.position > position:
            return Place(position, None, None)
        self._links.take()
        return make_place(position, link=link, entry=self._entries.take(link.entry_id))

    def _check_headless(self) -> Iterator[LogProblem]:
        """Links behind the last head: a head was taken out, or a link was given a false place."""
        following = self._links.next
        is_next = following is not None and following.position == self._position
        if is_next and not self._is_doubted:
            yield problem(Code.MISSING_HEAD, batch=self._number + 1)
        while (link := self._links.next) is not None:
            if link.position != self._position:
                self._links.take()
                yield problem(Code.BROKEN_LINK, position=link.position, entry=link.entry_id)
                continue
            place = self._take_place(self._position)
            batch = Batch(self._number + 1, self._hash, None, [place])
            yield from check_batch(batch, strays=self._entries.strays())
            self._hash, self._position = link.hash, self._position + 1

    def _tell_cut(self) -> Iterator[LogProblem]:
        yield from self._tell_found()
        if self._cut:
            first, last = self._cut[0], self._cut[-1]
            yield problem(
                Code.CUT_TAIL,
                batch=first.number,
                last=last.number,
                position=last.next_position - 1,
            )

    def _tell_unsealed(self) -> Iterator[LogProblem]:
        count, first = 0, None
        for entry in self._entries.rest():
            count += 1
            first = entry.id if first is None else min(first, entry.id)
        if count:
            yield problem(Code.UNSEALED, count=count, entry=first)
