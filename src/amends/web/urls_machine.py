"""Addresses of the language model: beside the draft, and in the settings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import language_model, machine

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/C-<int:number>/machine/ask/", machine.ask, name="machine_ask"),
    path("cases/C-<int:number>/machine/wait/", machine.wait, name="machine_wait"),
    path("cases/C-<int:number>/machine/confirm/", machine.confirm, name="machine_confirm"),
    path("settings/language-model/", language_model.language_model, name="language_model"),
    path(
        "settings/language-model/try/", language_model.try_language_model, name="try_language_model"
    ),
]
