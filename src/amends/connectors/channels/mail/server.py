"""Connections to the two servers of a mailbox, through the guard and never with a password in the open."""

from __future__ import annotations

import contextlib
import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from types import TracebackType
from typing import Any, Self

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard

SECONDS = 20.0  # for each answer of a server
MOST_BYTES = 2_000_000  # of a mail; what is longer is cut, attachments are not read anyway
SECURITIES = ("tls", "starttls", "none")
_STARTTLS_PORTS = frozenset({143, 587})


@dataclass(frozen=True, slots=True)
class Place:
    """A server and how its line is kept private."""

    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class MailServers:
    """Everything that it takes to sign in; opening it contacts nobody."""

    guard: OutboundGuard
    address: str
    username: str
    password: str
    imap: Place
    smtp: Place

    @classmethod
    def read(cls, settings: Mapping[str, str], *, guard: OutboundGuard) -> Self:
        security = settings.get("security", "tls").strip().lower()
        return cls(
            guard=guard,
            address=settings.get("address", "").strip(),
            username=settings.get("username", "").strip() or settings.get("address", "").strip(),
            password=settings.get("password", ""),
            imap=_place(settings, "imap", security=security),
            smtp=_place(settings, "smtp", security=security),
        )

    def dial(self, place: Place) -> socket.socket:
        """A connection to an address that the guard has checked, under TLS where it begins so.

        Raises ChannelError.
        """
        self._check(place)
        for address in self.guard.resolve(place.host, port=place.port):
            try:
                line = socket.create_connection((address, place.port), timeout=SECONDS)
            except OSError:
                continue
            if place.security != "tls":
                return line
            return tls_context().wrap_socket(line, server_hostname=place.host)
        raise ChannelError(f"{place.host} does not answer on port {place.port}.")

    def _check(self, place: Place) -> None:
        if place.security not in SECURITIES or not 0 < place.port < 65536:
            raise ChannelError(
                f"Encryption is one of {', '.join(SECURITIES)}, and a port a number.",
                permanent=True,
                code="refused",
            )
        if place.security == "none" and not self.guard.is_listed(place.host, port=place.port):
            raise ChannelError(
                "A password never goes over an open line: choose tls or starttls, or let the owner list "
                f"{place.host} port {place.port}.",
                permanent=True,
                code="refused",
            )


def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


class Mailbox:
    """An IMAP session; use it as a context manager."""

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers

    def __enter__(self) -> Self:
        with _explained("IMAP"):
            self._imap = _Imap(self._servers)
            if self._servers.imap.security == "starttls":
                self._imap.starttls(tls_context())
            try:
                self._imap.login(self._servers.username, self._servers.password)
            except imaplib.IMAP4.error as error:
                self._imap.shutdown()
                raise _wrong_credentials("IMAP") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()

    def open_inbox(self) -> tuple[int, int]:
        """UIDVALIDITY and the next UID."""
        with _explained("IMAP"):
            self._imap.select("INBOX", readonly=True)
            validity = _number(self._imap.response("UIDVALIDITY")[1])
            following = _number(self._imap.response("UIDNEXT")[1])
        return validity, following

    def after(self, uid: int) -> list[int]:
        """The UIDs behind one, in order."""
        with _explained("IMAP"):
            found = self._ask("SEARCH", f"UID {uid + 1}:*")
        # "n:*" names the last mail also where nothing follows n.
        return sorted(one for one in map(int, found[0].split()) if one > uid) if found[0] else []

    def fetch(self, uid: int) -> tuple[bytes, datetime]:
        """A mail, cut after two megabytes, and when the server received it; it stays unread."""
        with _explained("IMAP"):
            parts = self._ask("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
        whole = next((one for one in parts if isinstance(one, tuple)), None)
        if whole is None:
            raise ChannelError(f"The server does not show mail {uid}.", code="bad_answer")
        said = b" ".join(one if isinstance(one, bytes) else one[0] for one in parts if one)
        stamp = imaplib.Internaldate2tuple(said)
        received = datetime(*stamp[:6]).astimezone(UTC) if stamp else datetime.now(UTC)
        return whole[1], received

    def keep_copy(self, mail: bytes, *, at: datetime) -> None:
        with _explained("IMAP"):
            folder = self._sent_folder() or "Sent"
            if folder == "Sent":
                self._imap.create(folder)  # "exists already" is an answer, not an error
            status, said = self._imap.append(_quote(folder), r"(\Seen)", _stamp(at), mail)
        if status != "OK":
            raise ChannelError(f"The copy was not kept: {said!r:.200}", code="refused")

    def has_copy(self, message_id: str) -> bool:
        with _explained("IMAP"):
            status, _said = self._imap.select(_quote(self._sent_folder() or "Sent"), readonly=True)
            if status != "OK":
                return False
            return bool(self._ask("SEARCH", f'HEADER Message-ID "<{message_id}>"')[0])

    def _sent_folder(self) -> str:
        """The folder that the server itself calls that of sent mails (RFC 6154)."""
        _status, rows = self._imap.list()
        for row in rows or ():
            line = row if isinstance(row, bytes) else b""
            found = re.match(rb'\(([^)]*)\) (?:"[^"]*"|NIL) "?([^"]+)"?$', line)
            if found and b"\\sent" in found[1].lower():
                return found[2].decode("ascii", "replace")
        return ""

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        status, data = self._imap.uid(command, *arguments)
        if status != "OK":
            raise ChannelError(f"IMAP {command} was refused: {data!r:.200}", code="bad_answer")
        return data


class Outbox:
    """An SMTP session; use it as a context manager."""

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers

    def __enter__(self) -> Self:
        with _explained("SMTP"):
            self._smtp = _Smtp(self._servers)
            if self._servers.smtp.security == "starttls":
                self._smtp.starttls(context=tls_context())
            self._smtp.ehlo_or_helo_if_needed()
            if self._smtp.has_extn("auth"):
                try:
                    self._smtp.login(self._servers.username, self._servers.password)
                except smtplib.SMTPAuthenticationError as error:
                    self._smtp.close()
                    raise _wrong_credentials("SMTP") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()

    def send(self, mail: EmailMessage, *, to: str) -> None:
        """Raises ChannelError; `maybe_done` once the words were on the line."""
        with _explained("SMTP"):
            _accept(self._smtp.mail(self._servers.address))
            _accept(self._smtp.rcpt(to))
        try:
            code, said = self._smtp.data(mail.as_bytes(policy=MAIL_POLICY))
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(
                f"The SMTP server broke off while it read the mail: {error}", maybe_done=True
            ) from error
        _accept((code, said))


class _Imap(imaplib.IMAP4):
    """Dials through the guard; its library would ask DNS once more."""

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers
        super().__init__(servers.imap.host, servers.imap.port)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._servers.dial(self._servers.imap)


class _Smtp(smtplib.SMTP):
    def __init__(self, servers: MailServers) -> None:
        self._servers = servers
        super().__init__(servers.smtp.host, servers.smtp.port, timeout=SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._servers.dial(self._servers.smtp)


@contextlib.contextmanager
def _explained(which: str) -> Iterator[None]:
    """Turns what the libraries raise into the one error of channels."""
    try:
        yield
    except ssl.SSLError as error:
        raise ChannelError(
            f"The {which} server's certificate or encryption does not hold: {error}", permanent=True,
            code="refused",
        ) from error  # fmt: skip
    except (OSError, EOFError, imaplib.IMAP4.error, smtplib.SMTPException, ValueError) as error:
        raise ChannelError(f"The {which} server did not do it: {error}") from error


def _accept(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if code >= 500:
        text = said.decode("utf-8", "replace")[:200]
        raise ChannelError(f"The SMTP server refused: {text}", permanent=True, code="refused")
    if code >= 400:
        raise ChannelError(f"The SMTP server asks to wait ({code}).", code="rate_limited")


def _place(settings: Mapping[str, str], which: str, *, security: str) -> Place:
    port = settings.get(f"{which}_port", "").strip()
    number = int(port) if port.isdigit() and len(port) < 6 else 0
    own = "starttls" if number in _STARTTLS_PORTS and security == "tls" else security
    return Place(settings.get(f"{which}_host", "").strip().lower(), number, own)


def _wrong_credentials(which: str) -> ChannelError:
    return ChannelError(
        f"The {which} server does not take this user name and password.",
        permanent=True,
        code="credentials",
    )


def _number(said: list[Any]) -> int:
    try:
        return int(said[0])
    except (TypeError, ValueError, IndexError):
        raise ChannelError(
            "The IMAP server did not number its mailbox.", code="bad_answer"
        ) from None


def _quote(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _stamp(at: datetime) -> str:
    return imaplib.Time2Internaldate(at)
