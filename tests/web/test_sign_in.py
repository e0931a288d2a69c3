"""Signing in: by password and second factor, within limits, and never by a door left open."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from amends.accounts.models import User
from amends.record.models import ActionLog
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def _limits_start_at_nothing(db: None) -> None:
    from django.core.cache import cache

    call_command("createcachetable", verbosity=0)
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD, **meta: Any) -> Any:
    return client.post(SIGN_IN, {"login": user.email, "password": password}, **meta)


def confirm(client: Client) -> None:
    """Enter the password once more, as pages of security ask."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_member_signs_in_and_out(client: Client, agent: User) -> None:
    answer = sign_in(client, agent)
    assert answer.headers["Location"] == reverse("inbox")
    assert is_signed_in(client)
    assert ActionLog.objects.get(action="person.sign_in").actor_label == "Agent"
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_signing_out_takes_a_post(client: Client, agent: User) -> None:
    client.force_login(agent)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_look_alike(client: Client, agent: User) -> None:
    wrong = sign_in(client, agent, "not-the-password")
    unknown = client.post(SIGN_IN, {"login": "nobody@lumen.example", "password": "x" * 12})
    assert wrong.status_code == unknown.status_code == 200
    message = re.compile(r"message-error.*?</div></div>", re.DOTALL)
    shown = [message.search(answer.content.decode()) for answer in (wrong, unknown)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0].group() == shown[1].group()


def test_there_is_no_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_a_closed_account_does_not_sign_in(client: Client, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)
    sign_in(client, agent)
    assert not is_signed_in(client)


def test_signing_in_goes_back_to_where_one_wanted_and_nowhere_else(
    client: Client, agent: User
) -> None:
    values = {"login": agent.email, "password": PASSWORD}
    wanted = client.post(SIGN_IN, {**values, "next": "/log/"})
    assert wanted.headers["Location"] == "/log/"
    client.post(reverse("account_logout"))
    foreign = client.post(SIGN_IN, {**values, "next": "https://evil.example/"})
    assert foreign.headers["Location"] == reverse("inbox")


def test_five_wrong_passwords_lock_the_address_for_a_while(client: Client, agent: User) -> None:
    for _ in range(5):
        sign_in(client, agent, "not-the-password")
    answer = sign_in(client, agent)
    assert not is_signed_in(client)
    assert "Too many failed login attempts" in answer.content.decode()


def test_a_forged_forwarded_address_is_ignored_without_a_trusted_proxy(
    client: Client, agent: User, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    answers = [
        client.get(SIGN_IN, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code
        for number in range(4)
    ]
    answers += [
        sign_in(client, agent, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code
        for n in range(4)
    ]
    assert answers[:4] == [200] * 4
    assert answers[-1] == 429


def test_behind_a_trusted_proxy_each_visitor_has_limits_of_their_own(
    client: Client, agent: User, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    # What the visitor claims stands to the left of what our proxy has seen.
    claimed = [
        sign_in(client, agent, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.7")
        for n in range(4)
    ]
    assert [answer.status_code for answer in claimed] == [200, 200, 200, 429]
    other = sign_in(client, agent, "wrong", HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.8")
    assert other.status_code == 200


def test_the_second_factor_is_asked_for_and_sealed_in_the_database(
    client: Client, agent: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, agent)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    body = page.content.decode()
    assert "<svg" in body
    assert "data:" not in body
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    stored = Authenticator.objects.get(user=agent, type="totp")
    assert secret not in str(stored.data)
    assert ActionLog.objects.filter(action="person.activate_second_factor").exists()
    client.post(reverse("account_logout"))

    halfway = sign_in(client, agent)
    assert halfway.headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert refused.status_code == 200
    assert not is_signed_in(client)
    codes = Authenticator.objects.get(user=agent, type="recovery_codes").wrap()
    client.post(reverse("mfa_authenticate"), {"code": codes.get_unused_codes()[0]})
    assert is_signed_in(client)


def test_security_pages_ask_for_the_password_again(client: Client, agent: User) -> None:
    client.force_login(agent)  # a session of which nobody knows how it began
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    confirmed = client.post(answer.headers["Location"], {"password": PASSWORD})
    assert confirmed.status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_every_page_of_the_second_factor_can_be_shown(client: Client, agent: User) -> None:
    sign_in(client, agent)
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    for name in ("index", "deactivate_totp", "view_recovery_codes", "generate_recovery_codes"):
        assert client.get(reverse(f"mfa_{name}")).status_code == 200
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert len(file.content.decode().split()) == 10
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=agent).exists()


def test_changing_the_password_ends_every_session(agent: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, agent)
    new = "a-quiet-harbour-77"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = here.post(reverse("account_change_password"), values)
    assert answer.status_code == 302, answer.content.decode()
    assert not is_signed_in(here)
    assert not is_signed_in(elsewhere)
    sign_in(here, agent, new)
    assert is_signed_in(here)
    assert ActionLog.objects.filter(action="person.change_password").exists()


def test_a_weak_password_is_refused_with_a_reason(client: Client, agent: User) -> None:
    sign_in(client, agent)
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "password", "password2": "password"},
    )
    assert "too short" in answer.content.decode()
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


def test_a_forgotten_password_is_set_anew_by_a_link_of_our_own_address(
    client: Client, agent: User, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": agent.email}, HTTP_HOST="evil.example")
    (letter,) = mail.outbox
    link = re.search(r"https://desk\.example(/\S+)", letter.body)
    assert link is not None
    assert "evil.example" not in letter.body
    page = client.get(link.group(1), follow=True)
    action = page.context["action_url"]
    new = "a-quiet-harbour-77"
    client.post(action, {"password1": new, "password2": new})
    sign_in(client, agent, "a-quiet-harbour-77")
    assert is_signed_in(client)
    again = client.get(link.group(1), follow=True)
    assert "This link is void" in again.content.decode()


def test_nobody_learns_who_has_an_account(client: Client, agent: User) -> None:
    known = client.post(reverse("account_reset_password"), {"email": agent.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@lumen.example"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [letter.to for letter in mail.outbox] == [[agent.email]]


def test_a_mail_server_that_is_down_breaks_no_page(
    client: Client, agent: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post(reverse("account_reset_password"), {"email": agent.email})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_reset_password_done"]
)
def test_no_page_allows_inline_script_or_style(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    body = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", body)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", body)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, agent: User) -> None:
    sign_in(client, agent)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_the_sign_in_is_logged_where_the_person_belongs(
    role: str, client: Client, workspace: Any, make_member: Callable[..., User]
) -> None:
    person = make_member("somebody", workspace=workspace, role=role)
    sign_in(client, person)
    entry = ActionLog.objects.get(action="person.sign_in")
    assert (entry.workspace_id, entry.subject_id) == (workspace.pk, person.email)
