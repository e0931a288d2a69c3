"""Addresses of what a triage leads to: the troll test, lanes and legal holds, and how cases end."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import endings, lanes, signs

urlpatterns: list[URLPattern | URLResolver] = [
    path("endings/", endings.endings, name="endings"),
    path("cases/C-<int:number>/close/", endings.close, name="case_close"),
    path("cases/C-<int:number>/silence/", endings.propose, name="silence_propose"),
    path("cases/C-<int:number>/silence/rule/", endings.rule, name="silence_rule"),
    path("cases/C-<int:number>/silence/look/", endings.look, name="silence_look"),
    path("cases/C-<int:number>/troll/", signs.troll_take, name="troll_take"),
    path("cases/C-<int:number>/troll/answer/", signs.troll_answer, name="troll_answer"),
    path("cases/C-<int:number>/troll/rule/", signs.troll_rule, name="troll_rule"),
    path("cases/C-<int:number>/troll/overturn/", signs.troll_overturn, name="troll_overturn"),
    path("cases/C-<int:number>/fight/", signs.fight, name="case_fight"),
    path("cases/C-<int:number>/advocate/", signs.advocate, name="case_advocate"),
    path("cases/C-<int:number>/lane/", lanes.lane, name="case_lane"),
    path("cases/C-<int:number>/legal-hold/", lanes.hold, name="legal_hold_place"),
    path("cases/C-<int:number>/legal-hold/lift/", lanes.lift, name="legal_hold_lift"),
]
