"""Sends the mail of an invitation; without a mail server the inviter passes the link on."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from amends.accounts.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, *, link: str) -> bool:
    """Send it in the inviter's language; says whether a mail server took it.

    Call it after the transaction: it talks to the network.
    """
    with translation.override(invitation.invited_by.language):
        message = EmailMessage(
            subject=_("Invitation to %(workspace)s") % {"workspace": invitation.workspace},
            body=_(
                "Hello,\n\n"
                "%(inviter)s invites you to work in %(workspace)s with Amends.\n\n"
                "Open this link to join; it works once, until %(until)s:\n"
                "%(link)s\n\n"
                "If you did not expect this, do nothing: without the link nobody joins.\n"
            )
            % {
                "inviter": invitation.invited_by,
                "workspace": invitation.workspace,
                "until": f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
                "link": link,
            },
            to=[invitation.email],
        )
    try:
        return message.send() > 0
    except (SMTPException, OSError) as error:
        logger.warning("The invitation of %s could not be mailed: %s", invitation.email, error)
        return False
