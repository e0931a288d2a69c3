"""Addresses of what is one matter: merging and splitting cases, and the comment that is answered."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import matters

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/C-<int:number>/merge/", matters.merge, name="case_merge"),
    path("cases/C-<int:number>/merge/not/", matters.not_the_same, name="case_not_the_same"),
    path("cases/C-<int:number>/merge/undo/", matters.unmerge, name="case_unmerge"),
    path("cases/C-<int:number>/split/", matters.split, name="case_split"),
    path("cases/C-<int:number>/choose/", matters.choose, name="case_choose_comment"),
]
