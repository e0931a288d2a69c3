"""Addresses of the playbook: reading it, drafting it, trying it, and departing from it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import departure_list, departures, playbook, playbook_draft, playbook_trial

urlpatterns: list[URLPattern | URLResolver] = [
    path("playbook/", playbook.playbook, name="playbook"),
    path("playbook/file/", playbook.file, name="playbook_file"),
    path("playbook/versions/<int:version>/", playbook.version, name="playbook_version"),
    path(
        "playbook/versions/<int:version>/file/",
        playbook.version_file,
        name="playbook_version_file",
    ),
    path("playbook/versions/<int:version>/again/", playbook.take_back, name="playbook_take_back"),
    path("playbook/departures/", departure_list.departures, name="playbook_departures"),
    path("playbook/draft/", playbook_draft.edit, name="playbook_draft"),
    path("playbook/draft/check/", playbook_draft.check, name="playbook_check"),
    path("playbook/draft/begin/", playbook_draft.begin, name="playbook_begin"),
    path("playbook/draft/discard/", playbook_draft.discard, name="playbook_discard"),
    path("playbook/draft/file/", playbook_draft.draft_file, name="playbook_draft_file"),
    path("playbook/publish/", playbook_draft.publish, name="playbook_publish"),
    path("playbook/what-if/", playbook_trial.trial, name="playbook_trial"),
    path("playbook/what-if/progress/", playbook_trial.progress, name="playbook_trial_progress"),
    path("playbook/what-if/cancel/", playbook_trial.cancel, name="playbook_trial_cancel"),
    path("cases/C-<int:number>/depart/", departures.depart, name="case_depart"),
]
