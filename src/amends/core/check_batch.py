"""Checking one sealed batch: which entry was altered, moved or deleted, which link was touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from amends.core.chain import Link, LogEntry, entry_hash, link_hash
from amends.core.log_problems import LogProblem, problem
from amends.core.log_problems import LogProblemCode as Code

_ABOUT_ENTRIES = (Code.MISSING_ENTRY, Code.ALTERED_ENTRY, Code.UNFIT_ENTRY)
_BUDGET = 100_000  # hashes that a search for moved entries may cost


@dataclass(frozen=True, slots=True)
class Place:
    """A position of the chain with what the database has for it; `fact` is the hash of the entry."""

    position: int
    link: Link | None
    fact: str | None

    @property
    def is_whole(self) -> bool:
        return self.link is not None and self.fact is not None

    def follows(self, previous: str) -> bool:
        """Whether link and entry fit behind `previous`."""
        return (
            self.link is not None
            and self.fact is not None
            and link_hash(previous, entry=self.fact) == self.link.hash
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of the chain between two hashes that are known from the heads (None: unknown)."""

    number: int
    start: str | None
    end: str | None
    places: Sequence[Place]


def make_place(position: int, *, link: Link | None, entry: LogEntry | None) -> Place:
    return Place(position, link, None if entry is None else entry_hash(entry))


def check_batch(batch: Batch, *, strays: Iterable[LogEntry]) -> Iterator[LogProblem]:
    """Yield what is wrong with a batch; `strays` are entries that no link has claimed so far."""
    if _is_sound(batch):
        return
    moved = _find_moved(batch) or _find_swapped(batch)
    if moved:
        for place in moved:
            yield _about(Code.REORDERED_ENTRY, place)
        return
    yield from _walk(batch, stray_hashes=[entry_hash(entry) for entry in strays])


def _is_sound(batch: Batch) -> bool:
    last = batch.start
    for place in batch.places:
        if place.link is None or place.fact is None:
            return False
        if last is not None and not place.follows(last):
            return False
        last = place.link.hash
    return batch.end is None or last == batch.end


def _find_moved(batch: Batch) -> list[Place]:
    """Return the places whose links were exchanged: the hashes tell in which order they were made."""
    if batch.start is None or not all(place.is_whole for place in batch.places):
        return []
    waiting = list(batch.places)
    order: list[Place] = []
    last, budget = batch.start, _BUDGET
    while waiting:
        found = next((at for at, place in enumerate(waiting) if place.follows(last)), None)
        budget -= len(waiting) if found is None else found + 1
        if found is None or budget < 0:
            return []
        place = waiting.pop(found)
        order.append(place)
        last = place.link.hash if place.link else last
    if batch.end is not None and last != batch.end:
        return []
    return [now for now, then in zip(batch.places, order, strict=True) if now is not then]


def _find_swapped(batch: Batch) -> list[Place]:
    """Return the places whose entries were exchanged while the hashes stayed where they were."""
    unfit: list[tuple[str, Place]] = []
    last = batch.start
    for place in batch.places:
        if place.link is None or place.fact is None or last is None:
            return []
        if not place.follows(last):
            unfit.append((last, place))
        last = place.link.hash
    if len(unfit) < 2 or len(unfit) ** 2 > _BUDGET or (batch.end and last != batch.end):
        return []
    is_swapped = all(
        any(Place(place.position, place.link, other.fact).follows(last) for _, other in unfit)
        for last, place in unfit
    )
    return [place for _, place in unfit] if is_swapped else []


def _walk(batch: Batch, *, stray_hashes: Sequence[str]) -> Iterator[LogProblem]:
    """Go along the chain, name each misfit, and go on from what is still known."""
    last, found = batch.start, 0
    for at, place in enumerate(batch.places):
        following = batch.places[at + 1] if at + 1 < len(batch.places) else None
        before, (code, last) = last, _judge(place, last=last, following=following, batch=batch)
        if code in _ABOUT_ENTRIES and before is not None:
            claims = (Place(place.position, place.link, one) for one in stray_hashes)
            if any(claim.follows(before) for claim in claims):
                code = Code.BROKEN_LINK  # it was made for an entry that it names no more
        if code is not None:
            found += 1
            yield _about(code, place)
    if batch.end is not None and last is not None and last != batch.end and not found:
        yield problem(Code.REWRITTEN_BATCH, batch=batch.number)


def _judge(
    place: Place, *, last: str | None, following: Place | None, batch: Batch
) -> tuple[Code | None, str | None]:
    """Say what is wrong with a place, if anything, and by which hash the chain goes on.

    Whether an entry or its link was touched is told by what comes next: it was made from the hash
    that the link had when it was sealed.
    """
    if place.link is None:
        return Code.MISSING_LINK, None
    stored = place.link.hash
    if place.fact is None:
        return Code.MISSING_ENTRY, stored
    if last is None or place.follows(last):
        return None, stored
    rightful = link_hash(last, entry=place.fact)
    if following is None:
        if batch.end == rightful:
            return Code.BROKEN_LINK, rightful
        return (Code.UNFIT_ENTRY if batch.end not in (None, stored) else Code.ALTERED_ENTRY), stored
    if following.follows(rightful):
        return Code.BROKEN_LINK, rightful
    is_telling = following.is_whole and not following.follows(stored)
    return (Code.UNFIT_ENTRY if is_telling else Code.ALTERED_ENTRY), stored


def _about(code: Code, place: Place) -> LogProblem:
    entry = "?" if place.link is None else place.link.entry_id
    return problem(code, position=place.position, entry=entry)
