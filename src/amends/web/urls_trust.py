"""Addresses of signing in, people, the own account, and the log.

The library's pages are listed one by one, so that no page of it is open that nobody has thought of:
there is no sign-up, and every address says who may open it.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, path, re_path

from amends.web import join, log, people, profile, setup
from amends.web.pages import own_page, public_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/<str:token>/", setup.set_up, name="setup"),
    path("join/<str:token>/", join.join, name="join"),
    # signing in and out
    path("sign-in/", public_page(account.login), name="account_login"),
    path("sign-out/", public_page(account.logout), name="account_logout"),
    path("sign-in/closed/", public_page(account.account_inactive), name="account_inactive"),
    path("sign-in/code/", public_page(mfa.authenticate), name="mfa_authenticate"),
    # a forgotten password
    path("password/reset/", public_page(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/sent/",
        public_page(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public_page(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        public_page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    # the own account
    path("profile/", profile.profile, name="profile"),
    path("profile/workspace/", profile.change_workspace, name="change_workspace"),
    path("profile/password/", own_page(account.password_change), name="account_change_password"),
    path("profile/confirm/", own_page(account.reauthenticate), name="account_reauthenticate"),
    path("profile/confirm/code/", own_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("profile/second-factor/", own_page(mfa.index), name="mfa_index"),
    path(
        "profile/second-factor/activate/",
        own_page(totp.activate_totp),
        name="mfa_activate_totp",
    ),
    path(
        "profile/second-factor/deactivate/",
        own_page(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "profile/recovery-codes/",
        own_page(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "profile/recovery-codes/new/",
        own_page(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "profile/recovery-codes/file/",
        own_page(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    # colleagues
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite_person, name="invite_person"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("people/<int:pk>/role/", people.change_role, name="change_role"),
    path("people/<int:pk>/off-board/", people.offboard, name="offboard"),
    # what was done
    path("log/", log.log, name="log"),
]
