"""Addresses of measures and appeals."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import appeal, measures, measures_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("measures/", measures_page.measures, name="measures"),
    path("measures/appeals/decide/", measures_page.decide, name="appeal_decide"),
    path("measures/reviews/", measures_page.review_page, name="measure_reviews"),
    path("cases/C-<int:number>/measures/ask/", measures.ask, name="measure_ask"),
    path("cases/C-<int:number>/measures/confirm/", measures.confirm, name="measure_confirm"),
    path("cases/C-<int:number>/measures/undo/", measures.undo, name="measure_undo"),
    path("cases/C-<int:number>/measures/by-hand/", measures.by_hand, name="measure_by_hand"),
    path("cases/C-<int:number>/measures/settle/", measures.settle, name="measure_settle"),
    path("cases/C-<int:number>/measures/statement/", measures.statement, name="measure_statement"),
    path("appeal/<str:token>/", appeal.appeal, name="appeal"),
]
