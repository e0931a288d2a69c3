"""Addresses of what comes in and goes out as a file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import export_view, imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", imports.imports, name="imports"),
    path("import/<int:pk>/", imports.import_page, name="import_page"),
    path("import/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("import/<int:pk>/stop/", imports.stop, name="import_stop"),
    path("import/<int:pk>/errors/", imports.errors, name="import_errors"),
    path("inbox/<slug:view>/export.csv", export_view.as_csv, name="export_csv"),
    path("inbox/<slug:view>/export.xlsx", export_view.as_xlsx, name="export_xlsx"),
]
