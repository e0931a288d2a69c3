"""A mailbox of the brand: mails come in by IMAP and go out by SMTP, and nobody but the two reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

from amends.connectors.channels.mail.read import read_mail
from amends.connectors.channels.mail.server import Mailbox, MailServers, Outbox
from amends.connectors.channels.mail.write import address_in, message_id_of, write_mail
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import Identity, InboundEvent, OutboundReply, Poll, SentReply
from amends.connectors.kit.manifest import Action, Capability, Field, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.core.text import gettext_noop

_SOURCE = "docs/connectors/mail.md"
_NOT_IN_MAIL = "RFC 5322: a mail that was received is the reader's own"
_PAGE = 25  # mails a poll; the rest follows at once
_AFTER_RESET = 100  # mails looked at again where the server numbered its mailbox anew

_NONE = (
    *(Action.HIDE, Action.UNHIDE, Action.DELETE_OTHERS, Action.RESTORE),
    *(Action.BLOCK, Action.UNBLOCK, Action.BAN, Action.UNBAN, Action.REPORT),
)

MANIFEST = Manifest(
    kind="mail",
    label=gettext_noop("E-mail"),
    summary=gettext_noop("A mailbox for what does not belong in public."),
    icon="mail",
    place="direct",
    capabilities={
        Action.POLL: Capability(Mode.API, source=_SOURCE),
        Action.REPLY: Capability(Mode.API, source=_SOURCE),
        Action.FIND_REPLY: Capability(Mode.API, source=_SOURCE),
        **{action: Capability(Mode.NONE, source=_NOT_IN_MAIL) for action in _NONE},
    },
    fields=(
        Field("address", gettext_noop("E-mail address of the brand")),
        Field(
            "username",
            gettext_noop("User name"),
            help=gettext_noop("Where it is another one than the address."),
            required=False,
        ),
        Field(
            "password",
            gettext_noop("Password"),
            help=gettext_noop("An app password, where the provider has such."),
            secret=True,
        ),
        Field("imap_host", gettext_noop("IMAP server")),
        Field("imap_port", gettext_noop("IMAP port"), default="993"),
        Field("smtp_host", gettext_noop("SMTP server")),
        Field("smtp_port", gettext_noop("SMTP port"), default="465"),
        Field(
            "security",
            gettext_noop("Encryption"),
            help=gettext_noop(
                "tls, or starttls; the same for both servers unless the port says so."
            ),
            default="tls",
        ),
    ),
    poll_every=timedelta(seconds=30),
    public=False,
)


class Channel:
    """One mailbox."""

    def __init__(self, context: ChannelContext) -> None:
        self._servers = MailServers.read(context.settings, guard=context.guard)
        self._clock = context.clock

    def identify(self) -> Identity:
        """Sign in at both servers."""
        with Mailbox(self._servers):
            pass
        with Outbox(self._servers):
            pass
        own = self._servers.address
        return Identity(own, own, own)

    def export_session(self) -> str:
        return ""

    def poll(self, cursor: str) -> Poll:
        """New mails of the inbox, which stay unread there; those that come from ourselves are left out.

        The cursor is UIDVALIDITY:UID. An empty one means "from now on".
        """
        with Mailbox(self._servers) as box:
            validity, following = box.open_inbox()
            last = _start(cursor, validity=validity, following=following)
            if not cursor:
                return Poll((), cursor=f"{validity}:{last}")
            found = box.after(last)
            page = found[:_PAGE]
            events = [self._read(box.fetch(uid)) for uid in page]
        last = page[-1] if page else last
        return Poll(
            tuple(one for one in events if one is not None),
            cursor=f"{validity}:{last}",
            more=len(found) > len(page),
        )

    def read_mail(self, raw: str, received_at: str) -> InboundEvent | None:
        """A mail as text, as it was received; None for one of our own."""
        return self._read((raw.encode(), datetime.fromisoformat(received_at)))

    def reply(self, reply: OutboundReply) -> SentReply:
        """Hand it to the SMTP server, and put a copy into the folder of sent mails.

        From the moment at which the words are on the line, a lost answer means that it may have gone out.
        """
        mail = write_mail(reply, address=self._servers.address)
        with Outbox(self._servers) as outbox:
            outbox.send(mail, to=address_in(reply))
        try:
            with Mailbox(self._servers) as box:
                box.keep_copy(mail.as_bytes(), at=self._clock.now())
        except ChannelError:
            pass  # it is sent; what is missing is a convenience, and the proof for a crash right now
        return SentReply(external_id=message_id_of(reply, address=self._servers.address), url="")

    def find_reply(self, reply: OutboundReply) -> SentReply | None:
        """Look for the copy; None is no proof that it did not go out, so nothing is sent again for it."""
        message_id = message_id_of(reply, address=self._servers.address)
        with Mailbox(self._servers) as box:
            return SentReply(message_id, url="") if box.has_copy(message_id) else None

    def _read(self, fetched: tuple[bytes, datetime]) -> InboundEvent | None:
        raw, received_at = fetched
        return read_mail(
            raw,
            received_at=received_at,
            observed_at=self._clock.now(),
            own_address=self._servers.address,
        )


def _start(cursor: str, *, validity: int, following: int) -> int:
    """The last UID that is known."""
    if not cursor:
        return max(following - 1, 0)
    told, _, last = cursor.partition(":")
    if not (told.isdigit() and last.isdigit()):
        raise ChannelError(
            f"The cursor {cursor[:40]!r} is none of a mailbox: empty it to begin anew.",
            permanent=True,
            code="bad_answer",
        )
    return int(last) if int(told) == validity else max(following - 1 - _AFTER_RESET, 0)
