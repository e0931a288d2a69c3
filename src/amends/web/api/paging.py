"""Pages by cursor: what came last, in an opaque text; no page is counted, none moves when rows are added."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from amends.web.api.problems import field_problem

LARGEST = 2**53  # keys beyond it are none of ours, and no database takes them


def write_cursor(*parts: datetime | int | str | None) -> str:
    """The place behind a row."""
    plain = [_stamp(one) if isinstance(one, datetime) else one for one in parts]
    packed = json.dumps(plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str, *, sort: str) -> tuple[str, int]:
    """The text and key that `write_cursor(sort, text, key)` wrote; raises Problem for any other."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts: Sequence[object] = json.loads(packed)
        name, text, key = parts
    except (binascii.Error, ValueError, TypeError):
        raise _broken() from None
    is_key = isinstance(key, int) and not isinstance(key, bool) and 0 <= key < LARGEST
    if name != sort or not isinstance(text, str) or not is_key:
        raise _broken()
    return text, int(key)  # type: ignore[call-overload]


def read_moment(text: str) -> datetime:
    """A time of a cursor."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _broken() from None
    if moment.tzinfo is None:
        raise _broken()
    return moment


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _broken() -> Exception:
    return field_problem(
        "query.cursor", "This is no cursor of this list: leave it out to begin anew."
    )
