"""Every address of the pages, in the order of the journey."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from amends.web import language, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.home, name="home"),
    path("healthz", start.healthz, name="healthz"),
    path("language/", language.set_language, name="set_language"),
    path("theme/", language.set_theme, name="set_theme"),
    path("", include("amends.web.urls_policy")),
    path("", include("amends.web.urls_trust")),
    path("", include("amends.web.urls_desk")),
    path("", include("amends.web.urls_playbook")),
    path("", include("amends.web.urls_authority")),
    path("", include("amends.web.urls_clocks")),
    path("", include("amends.web.urls_measures")),
    path("", include("amends.web.urls_matters")),
    path("", include("amends.web.urls_authors")),
    path("", include("amends.web.urls_attachments")),
    path("", include("amends.web.urls_welfare")),
]

if settings.DEBUG:
    from amends.web import styleguide

    urlpatterns.append(path("styleguide", styleguide.styleguide, name="styleguide"))
