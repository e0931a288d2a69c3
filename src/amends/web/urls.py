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
    path("", include("amends.web.urls_team")),
    path("", include("amends.web.urls_desk")),
    path("", include("amends.web.urls_machine")),
    path("", include("amends.web.urls_find")),
    path("", include("amends.web.urls_playbook")),
    path("", include("amends.web.urls_authority")),
    path("", include("amends.web.urls_clocks")),
    path("", include("amends.web.urls_department_link")),
    path("", include("amends.web.urls_measures")),
    path("", include("amends.web.urls_files")),
    path("", include("amends.web.urls_programs")),
    path("", include("amends.web.urls_api")),
    path("", include("amends.web.urls_hand_over")),
    path("", include("amends.web.urls_contacts")),
    path("", include("amends.web.urls_kept")),
    path("", include("amends.web.urls_starting")),
    path("", include("amends.web.urls_retention")),
    path("", include("amends.web.urls_matters")),
    path("", include("amends.web.urls_authors")),
    path("", include("amends.web.urls_attachments")),
    path("", include("amends.web.urls_welfare")),
]

if settings.DEBUG:
    from amends.web import styleguide

    urlpatterns.append(path("styleguide", styleguide.styleguide, name="styleguide"))
