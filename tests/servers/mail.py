"""Real mail on loopback: Dovecot keeps the mailboxes; an SMTP server of ours can misbehave on demand."""

from __future__ import annotations

import asyncio
import getpass
import imaplib
import os
import shutil
import smtplib
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.servers.ports import HOST, free_ports
from tests.servers.programs import (
    Account,
    Program,
    find_program,
    is_listening,
    make_folder,
    unprivileged_account,
)

PASSWORD = "harbour"
_HINT = "install dovecot-imapd and dovecot-lmtpd, or run python tests/servers/install.py"
_SBIN = (Path("/usr/sbin"),)


@dataclass
class MailServer:
    """Use as a context manager; whoever has the password has a mailbox, of whatever address.

    `manner` says what the SMTP server does with a mail: "takes" it, "refuses" it (550), asks to "wait" (451),
    "breaks" off after it took the mail, or "drops" the line before.
    """

    imap_port: int = 0
    lmtp_port: int = 0
    smtp_port: int = 0
    manner: str = "takes"
    taken: list[str] = field(default_factory=list)  # Message-IDs, in order
    _program: Program | None = None
    _smtp: Controller | None = None

    def __enter__(self) -> MailServer:
        program = find_program("dovecot", folders=_SBIN, hint=_HINT)
        self.imap_port, self.lmtp_port, self.smtp_port = free_ports(3)
        account = unprivileged_account()
        folder = make_folder("dovecot")
        folder.chmod(0o755)
        mails = folder / "mails"
        mails.mkdir()
        if account is not None:
            os.chown(mails, account.uid, account.gid)
        config = folder / "dovecot.conf"
        config.write_text(self._config(folder, account=account))
        self._program = Program(command=[program, "-F", "-c", str(config)], folder=folder)
        self._program.start(
            is_ready=lambda: is_listening(self.imap_port) and is_listening(self.lmtp_port)
        )
        self._smtp = Controller(
            _Handler(self),
            hostname=HOST,
            port=self.smtp_port,
            authenticator=_authenticate,
            auth_require_tls=False,
        )
        self._smtp.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._smtp is not None:
            self._smtp.stop()
        if self._program is not None:
            self._program.stop()

    @property
    def allowed(self) -> list[str]:
        """For AMENDS_OUTBOUND_ALLOW."""
        return [f"{HOST}:{self.imap_port}", f"{HOST}:{self.smtp_port}"]

    def settings(self, address: str, *, password: str = PASSWORD) -> dict[str, str]:
        """What the form of the channel asks for."""
        return {
            "address": address,
            "username": "",
            "password": password,
            "imap_host": HOST,
            "imap_port": str(self.imap_port),
            "smtp_host": HOST,
            "smtp_port": str(self.smtp_port),
            "security": "none",
        }

    def deliver(self, mail: EmailMessage, *, to: str, sender: str = "") -> None:
        """Put a mail into a mailbox, as another server would."""
        with smtplib.LMTP(HOST, self.lmtp_port) as line:
            line.sendmail(sender or str(mail["From"]), [to], mail.as_bytes())

    def mails_of(self, address: str, *, folder: str = "INBOX") -> list[EmailMessage]:
        """What lies in a mailbox, oldest first."""
        line = imaplib.IMAP4(HOST, self.imap_port)
        line.login(address, PASSWORD)
        if line.select(folder, readonly=True)[0] != "OK":
            line.logout()
            return []
        numbers = line.search(None, "ALL")[1][0].split()
        raw: list[Any] = [line.fetch(one, "(RFC822)")[1][0] for one in numbers]
        line.logout()
        return [message_from_bytes(one[1], policy=policy.default) for one in raw]

    def _config(self, folder: Path, *, account: Account | None) -> str:
        user = account.name if account else getpass.getuser()
        uid, gid = (account.uid, account.gid) if account else (os.getuid(), os.getgid())
        internal = "dovecot" if account else user
        login = "dovenull" if account else user
        return _CONFIG.format(
            folder=folder,
            imap=self.imap_port,
            lmtp=self.lmtp_port,
            host=HOST,
            internal=internal,
            login=login,
            password=PASSWORD,
            uid=uid,
            gid=gid,
        )


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        manner = self._server.manner
        if manner == "refuses":
            return "550 no such user here"
        if manner == "wait":
            return "451 come back later"
        if manner == "drops":
            server.transport.abort()
            return "421 gone"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self._server.taken.append(str(mail["Message-ID"]).strip("<>"))
        await asyncio.to_thread(self._pass_on, envelope)
        if manner == "breaks":
            server.transport.abort()
        return "250 OK"

    def _pass_on(self, envelope: Any) -> None:
        with smtplib.LMTP(HOST, self._server.lmtp_port) as line:
            line.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)


def _authenticate(
    server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode())


def has_dovecot() -> bool:
    return bool(shutil.which("dovecot") or (_SBIN[0] / "dovecot").exists())


_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = {host}
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
auth_mechanisms = plain login
recipient_delimiter = +
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mails/%n@%d allow_all_users=yes
}}
mail_location = maildir:~/Maildir
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = {host}
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
"""
