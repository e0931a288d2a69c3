"""The one error that a channel may raise."""

from __future__ import annotations

from datetime import timedelta


class ChannelError(Exception):
    """A channel could not do what was asked.

    `permanent` says whether trying again can help; the caller's whole retry logic is that one fact.
    `retry_after` is the channel's own wish, where it gave one. `maybe_done` is true when the
    request may have reached the channel (a time-out after sending): the caller must look it up, not
    repeat it. `code` is a stable word for the cause ("credentials", "rate_limited", "unavailable",
    "bad_answer", "refused", "not_found", "too_long"), which the interface translates.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        maybe_done: bool = False,
        code: str = "unavailable",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.maybe_done = maybe_done
        self.code = code
