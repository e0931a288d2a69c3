"""What the practice network refuses, in words for the person or program that asked."""

from __future__ import annotations


class RefusedError(Exception):
    """Something asked for is not acceptable; `field` names the part that is wrong, if one is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class PostGoneError(Exception):
    """The post was deleted; `deleted_by` is a code of DeletedBy."""

    def __init__(self, deleted_by: str) -> None:
        super().__init__(f"the post was deleted by: {deleted_by}")
        self.deleted_by = deleted_by
