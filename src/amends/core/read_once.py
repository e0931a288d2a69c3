"""Reads that many parts of one page ask for: asked once while the page is read, and remembered no longer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Read = TypeVar("Read", bound=Callable[..., Any])

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Ask each `read_once` function once for the same arguments inside the block.

    For reading a page, never around a verb: what is written inside the block is not seen by it. A block
    within a block is part of the outer one.
    """
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def read_once(function: Read) -> Read:
    """Mark a read: outside `reading_once` it is asked anew each time.

    Arguments must be hashable; rows count as the same when their keys are. What comes back is shared by
    all who ask: nobody may change it.
    """

    @wraps(function)
    def ask(*args: Any, **named: Any) -> Any:
        answers = _answers.get()
        if answers is None:
            return function(*args, **named)
        key = (function, args, tuple(sorted(named.items())))
        if key not in answers:
            answers[key] = function(*args, **named)
        return answers[key]

    return ask  # type: ignore[return-value]
