"""Keeps the words and the raw payload of what was captured, apart from the record of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amends.core.digest import new_salt, salted_digest
from amends.record.models import Content


def keep_content(
    *, workspace_id: int, text: str, payload: Mapping[str, Any], now: datetime
) -> Content:
    """Store text and payload with their salted digest; `payload` is JSON as the channel sent it."""
    content = new_content(workspace_id=workspace_id, text=text, payload=payload, now=now)
    content.save(force_insert=True)
    return content


def new_content(
    *, workspace_id: int, text: str, payload: Mapping[str, Any], now: datetime
) -> Content:
    """The same, not stored yet: for who stores many at once.

    What a database cannot hold in `text` (NUL, halves of surrogate pairs) becomes U+FFFD there; the
    payload keeps it, escaped.
    """
    text = (
        text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    stored = _payload_text(payload)
    salt = new_salt()
    return Content(
        workspace_id=workspace_id,
        text=text,
        payload=stored,
        salt=salt,
        digest=salted_digest(digested_text(text, stored), salt),
        created_at=now,
    )


def is_unaltered(content: Content) -> bool | None:
    """Whether the content still has its digest; None after redaction, when nobody can tell."""
    if content.is_redacted:
        return None
    return content.digest == salted_digest(
        digested_text(content.text, content.payload), content.salt
    )


def digested_text(text: str, payload: str) -> str:
    """What the digest is taken over: both parts, in a form in which none can pass for the other."""
    return json.dumps([text, payload], ensure_ascii=False, separators=(",", ":"))


def _payload_text(payload: Mapping[str, Any]) -> str:
    readable = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    try:
        readable.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair: only the escaped form can be stored
        return json.dumps(payload, separators=(",", ":"))
    return readable
