"""Addresses that spare the people who read."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import welfare

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/C-<int:number>/pass-on/", welfare.pass_it_on, name="case_pass_on"),
    path("cases/C-<int:number>/hostile/", welfare.mark, name="case_hostile"),
    path("profile/folding/", welfare.folding, name="profile_folding"),
]
