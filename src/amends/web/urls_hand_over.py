"""Addresses of private conversations: those of the desk, and those that a customer opens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import hand_over, private_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/C-<int:number>/private/offer/", hand_over.offer, name="hand_over_offer"),
    path("cases/C-<int:number>/private/answer/", hand_over.answer, name="hand_over_answer"),
    path("cases/C-<int:number>/private/mail/", hand_over.mail, name="hand_over_mail"),
    path("cases/C-<int:number>/private/consent/", hand_over.consent, name="hand_over_consent"),
    path("cases/C-<int:number>/private/close/", hand_over.closing, name="hand_over_closing"),
    path("cases/C-<int:number>/private/untold/", hand_over.untold, name="hand_over_untold"),
    path("cases/C-<int:number>/private/erase/", hand_over.erase, name="hand_over_erase"),
    path("private/<str:token>/", private_page.link, name="private_link"),
    path("private/talk/<str:token>/", private_page.talk, name="private_talk"),
    path("private/talk/<str:token>/consent/", private_page.consent, name="private_consent"),
]
