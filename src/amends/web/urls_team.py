"""Addresses of working together: labels, sleep, presence, taking over, bulk, macros, routing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import (
    bulk,
    case_team,
    label_settings,
    macro_settings,
    presence,
    routing,
    work_profile,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/C-<int:number>/take/", case_team.take, name="case_take"),
    path("cases/C-<int:number>/label/", case_team.label, name="case_label"),
    path("cases/C-<int:number>/snooze/", case_team.snooze, name="case_snooze"),
    path("cases/C-<int:number>/macro/", case_team.macro, name="case_macro"),
    path("cases/C-<int:number>/macro/undo/", case_team.undo_macro, name="case_macro_undo"),
    path("presence/leave/", presence.leave, name="presence_leave"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/undo/", bulk.undo, name="bulk_undo"),
    path("bulk/numbers/", bulk.numbers, name="bulk_numbers"),
    path("settings/labels/", label_settings.labels, name="labels"),
    path("settings/macros/", macro_settings.macros, name="macros"),
    path("settings/routing/", routing.routing, name="routing"),
    path("profile/work/", work_profile.work_profile, name="work_profile"),
]
