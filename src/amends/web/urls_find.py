"""Addresses of saved views."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import saved_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("views/", saved_views.saved_views, name="saved_views"),
    path("views/save/", saved_views.save, name="view_save"),
    path("views/<int:pk>/update/", saved_views.update, name="view_update"),
    path("views/<int:pk>/rename/", saved_views.rename, name="view_rename"),
    path("views/<int:pk>/move/", saved_views.move, name="view_move"),
    path("views/<int:pk>/share/", saved_views.share, name="view_share"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
]
