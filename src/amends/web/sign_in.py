"""What is ours about signing in: no open door, links of our own address, sealed second factors."""

from __future__ import annotations

import base64
import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from amends.accounts.models import User
from amends.accounts.note_event import note_event
from amends.core.clock import Clock, SystemClock
from amends.inbox.credentials import seal, unseal

logger = logging.getLogger(__name__)

# Events of the sign-in library, by the letter it would send, and what the log calls them.
EVENTS = {
    "account/email/password_changed": "person.change_password",
    "account/email/password_reset": "person.reset_password",
    "mfa/email/totp_activated": "person.activate_second_factor",
    "mfa/email/totp_deactivated": "person.deactivate_second_factor",
    "mfa/email/recovery_codes_generated": "person.make_recovery_codes",
}


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Nobody signs up by themselves: people come by the first link or by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Our own address, never the Host header of whoever asked for the mail."""
        uid, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret})
        return settings.BASE_URL + path

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")  # every session has ended, this one too

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down must not tell a stranger who has an account here."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.error("The mail %s could not be sent: %s", template_prefix, error)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """The one place that hears of every event: it goes to the log instead of into a mail."""
        if template_prefix in EVENTS:
            note_event(EVENTS[template_prefix], user=user, now=_now(self.request))

    def post_login(self, request: HttpRequest, user: User, **values: Any) -> HttpResponse:
        note_event("person.sign_in", user=user, now=_now(request))
        response: HttpResponse = super().post_login(request, user, **values)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # One line with a fixed form, so that the owner can let fail2ban or the like read it.
        logger.warning("sign-in failed from %s", self.get_client_ip(request))


class SealedMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors sealed by the key file, as channel credentials are."""

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(seal({"secret": text})).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.urlsafe_b64decode(encrypted_text))["secret"]

    def build_totp_svg(self, url: str) -> str:
        """The picture without its XML declaration, to stand in the page itself (the CSP wants it)."""
        picture: str = super().build_totp_svg(url)
        return picture.partition("?>")[2].strip()


def _now(request: HttpRequest) -> datetime:
    clock: Clock = getattr(request, "clock", SystemClock())
    return clock.now()
