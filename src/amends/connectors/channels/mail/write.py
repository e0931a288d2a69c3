"""Writes a mail as it goes out: plain text, in its thread, with an address that leads back to its case."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import OutboundReply

MARK = "amends-"


def write_mail(reply: OutboundReply, *, address: str) -> EmailMessage:
    """The same for every try, down to its Message-ID and date. Raises ChannelError without a recipient."""
    mail = EmailMessage()
    mail["From"] = address
    mail["To"] = address_in(reply)
    mail["Subject"] = " ".join(f"Re: {reply.subject}".split()) if reply.subject else "Re:"
    mail["Date"] = format_datetime(reply.created_at)
    mail["Message-ID"] = f"<{message_id_of(reply, address=address)}>"
    if reply.return_token:
        mail["Reply-To"] = plus_address(address, reply.return_token)
    if reply.target_external_id:
        mail["In-Reply-To"] = f"<{_plain(reply.target_external_id)}>"
        ids = dict.fromkeys((reply.thread_external_id, reply.target_external_id))
        mail["References"] = " ".join(f"<{_plain(one)}>" for one in ids if one)
    if reply.language and reply.language != "und":
        mail["Content-Language"] = reply.language
    mail.set_content(reply.text)
    return mail


def message_id_of(reply: OutboundReply, *, address: str) -> str:
    """Our name for a mail, without brackets: it follows from the delivery, so it can be looked up."""
    return f"{MARK}{reply.idempotency_key}@{address.rpartition('@')[2] or 'localhost'}"


def plus_address(address: str, token: str) -> str:
    """`care@brand` becomes `care+token@brand`: what is sent there arrives in the same mailbox."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def address_in(reply: OutboundReply) -> str:
    """Whom it goes to; ChannelError where that was erased, or is none."""
    to = reply.target_url.removeprefix("mailto:").strip()
    if "@" not in to or any(char.isspace() or char in "<>,;" for char in to):
        raise ChannelError(
            "There is no e-mail address to write to (any more).", permanent=True, code="not_found"
        )
    return to


def _plain(message_id: str) -> str:
    return "".join(char for char in message_id if char.isprintable() and char not in " <>")
