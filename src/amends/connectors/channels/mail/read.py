"""Reads a mail: whose, about which, what is new in it, and whether a person wrote it at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from amends.connectors.channels.mail.quotes import split_quotes
from amends.connectors.channels.mail.text import text_of_html
from amends.connectors.channels.mail.write import MARK
from amends.connectors.kit.events import (
    EventKind,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    InboundMail,
)

MOST_CHARS = 10_000
MOST_IDS = 50
_ID = re.compile(r"<([^<>\s]{1,250})>")
_PLUS = re.compile(r"\+([A-Za-z0-9]{8,64})$")
_EARLY, _LATE = timedelta(days=2), timedelta(hours=1)  # how far a sender's clock is believed
_MACHINES = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-]|@|$)", re.I
)


def read_mail(
    raw: bytes, *, received_at: datetime, observed_at: datetime, own_address: str
) -> InboundEvent | None:
    """The event that a mail stands for; None for one that we sent ourselves (a loop)."""
    mail = message_from_bytes(raw, policy=policy.default)
    sender, name = _sender(mail)
    message_id = _first_id(mail, "Message-ID") or f"none-{hashlib.sha256(raw).hexdigest()[:32]}"
    if sender.casefold() == own_address.casefold() or message_id.startswith(MARK):
        return None
    text, quoted = split_quotes(_words(mail))
    automatic = _automatic(mail, sender=sender)
    references = _references(mail, is_bounce=automatic == "bounce")
    comment = InboundComment(
        external_id=message_id,
        author=InboundAuthor(external_id=sender or "unknown", handle=sender, display_name=name),
        text=text[:MOST_CHARS] or _header(mail, "Subject")[:MOST_CHARS],
        published_at=_written_at(mail, received_at=received_at),
        url=f"mailto:{sender}",
        thread_external_id=references[-1] if references else "",
        parent_external_id=references[0] if references else "",
        mail=InboundMail(
            sender=sender,
            subject=_header(mail, "Subject")[:300],
            references=references,
            tokens=_tokens(mail, own_address=own_address),
            automatic=automatic,
            quoted=quoted[:MOST_CHARS],
            files=tuple(_files(mail)),
        ),
    )
    return InboundEvent(
        key=message_id,
        kind=EventKind.CREATED,
        external_id=message_id,
        observed_at=observed_at,
        comment=comment,
        payload={"headers": _kept(mail), "bytes": len(raw)},
    )


def _header(mail: EmailMessage, name: str) -> str:
    """A header in one line; empty where it is missing or cannot be read."""
    try:
        value = mail.get(name, "")
    except (ValueError, IndexError, AttributeError, TypeError):  # the parser fails on some garbage
        return ""
    text = " ".join(str(value).split())
    return text.encode("utf-8", "replace").decode()


def _sender(mail: EmailMessage) -> tuple[str, str]:
    found = getaddresses([_header(mail, "From")])
    name, address = found[0] if found else ("", "")
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError):
        return "", ""
    return address[:250], name[:200]


def _first_id(mail: EmailMessage, name: str) -> str:
    return next(iter(_ID.findall(_header(mail, name))), "")


def _references(mail: EmailMessage, *, is_bounce: bool) -> tuple[str, ...]:
    """The nearest first: what it answers, then upwards to the root."""
    upwards = reversed(_ID.findall(_header(mail, "References"))[-MOST_IDS:])
    ids = [*_ID.findall(_header(mail, "In-Reply-To"))[:3], *upwards]
    if is_bounce:
        ids = [*_returned_ids(mail), *ids]
    return tuple(dict.fromkeys(ids))


def _returned_ids(mail: EmailMessage) -> Iterator[str]:
    """The Message-ID of the mail that came back, from its headers in the report (RFC 3462)."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from (one for inner in part.iter_parts() for one in _own_id(inner))
        elif kind == "text/rfc822-headers":
            head = re.search(r"^message-id:\s*(<[^>]+>)", _decoded(part), re.I | re.M)
            yield from _ID.findall(head[1]) if head else ()


def _own_id(mail: object) -> list[str]:
    return _ID.findall(_header(mail, "Message-ID")) if isinstance(mail, EmailMessage) else []


def _tokens(mail: EmailMessage, *, own_address: str) -> tuple[str, ...]:
    """What stands behind a plus in our own address, wherever it was put."""
    own_local, _at, own_domain = own_address.casefold().rpartition("@")
    tokens = []
    for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"):
        for _name, address in getaddresses([_header(mail, name)]):
            local, _at, domain = address.rpartition("@")
            found = _PLUS.search(local)
            base = local[: found.start()].casefold() if found else ""
            if found and (base, domain.casefold()) == (own_local, own_domain):
                tokens.append(found[1].casefold())  # some servers change capitals on the way
    return tuple(dict.fromkeys(tokens))


def _automatic(mail: EmailMessage, *, sender: str) -> str:
    """Empty for what a person wrote; else "bounce" or "automatic" (RFC 3834 and what is usual beside it)."""
    is_report = mail.get_content_type() == "multipart/report"
    if is_report and "delivery-status" in _header(mail, "Content-Type"):
        return "bounce" if _has_failed(mail) else "automatic"
    submitted = _header(mail, "Auto-Submitted").casefold().partition(";")[0].strip()
    precedence = _header(mail, "Precedence").casefold()
    signs = (
        submitted not in {"", "no"},
        precedence in {"bulk", "junk", "list", "auto_reply"},
        _header(mail, "Return-Path") == "<>",
        is_report,
        bool(_MACHINES.match(sender)),
        *(bool(_header(mail, name)) for name in _AUTOMATIC_HEADERS),
    )
    return "automatic" if any(signs) else ""


_AUTOMATIC_HEADERS = (
    *("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder"),
    *("List-Id", "List-Unsubscribe", "Feedback-ID"),
)


def _has_failed(mail: EmailMessage) -> bool:
    """Whether a report says that a mail did not arrive; "delayed" and "delivered" are no bounce."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            return re.search(r"^action:\s*failed", _decoded(part), re.I | re.M) is not None
    return True


def _words(mail: EmailMessage) -> str:
    """The text of the mail: the plain part, else what one sees of the other."""
    try:
        body = mail.get_body(preferencelist=("plain", "html"))
    except (AttributeError, KeyError, ValueError):
        body = None
    if body is None:
        return ""
    text = _decoded(body)
    return text_of_html(text) if body.get_content_subtype() == "html" else text


def _decoded(part: object) -> str:
    """The text of a part, whatever it says of its coding."""
    if not isinstance(part, EmailMessage):
        return ""
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        return "\n".join(str(one) for one in inner) if isinstance(inner, list) else str(inner)
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return str(part.get_payload())
    try:
        text = raw.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\x00", "")


def _files(mail: EmailMessage) -> Iterator[str]:
    """Name and kind of what hangs on it; nothing of it is kept or opened."""
    try:
        parts = list(mail.iter_attachments())
    except (AttributeError, KeyError, ValueError, TypeError):
        return
    for part in parts[:50]:
        try:
            name = part.get_filename() or "?"
        except (ValueError, AttributeError, TypeError):
            name = "?"
        plain = "".join(
            char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name
        )
        yield f"{plain[:120]} ({part.get_content_type()})"


def _written_at(mail: EmailMessage, *, received_at: datetime) -> datetime:
    """When it says that it was written, where that is believable; else when the server had it."""
    try:
        said = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, IndexError):
        return received_at
    said = said.replace(tzinfo=UTC) if said.tzinfo is None else said
    is_believable = received_at - _EARLY <= said <= received_at + _LATE
    return min(said, received_at) if is_believable else received_at


def _kept(mail: EmailMessage) -> dict[str, str]:
    names = ("From", "To", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted", "Return-Path")
    return {name: found[:500] for name in names if (found := _header(mail, name))}
