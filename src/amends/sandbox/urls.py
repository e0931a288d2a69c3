"""Every address of the practice network, below /sandbox/."""

from __future__ import annotations

from django.urls import path

from amends.sandbox.api import measures
from amends.sandbox.api import views as api
from amends.sandbox.pages import personas, posts, timeline

app_name = "sandbox"
urlpatterns = [
    path("", timeline.timeline, name="timeline"),
    path("newest", timeline.newest, name="newest"),
    path("threads/<slug:root_id>/", timeline.thread, name="thread"),
    path("people/", personas.choose, name="personas"),
    path("people/<slug:handle>/", personas.person, name="person"),
    path("posts/new/", posts.write, name="write"),
    path("posts/<slug:post_id>/", posts.post, name="post"),
    path("posts/<slug:post_id>/answer/", posts.answer, name="answer"),
    path("posts/<slug:post_id>/edit/", posts.edit, name="edit"),
    path("posts/<slug:post_id>/delete/", posts.delete, name="delete"),
    path("api/me", api.me, name="api_me"),
    path("api/events", api.events, name="api_events"),
    path("api/timeline", api.timeline, name="api_timeline"),
    path("api/posts/<slug:post_id>", api.post, name="api_post"),
    path("api/posts/<slug:post_id>/thread", api.thread, name="api_thread"),
    path("api/people/<slug:person_id>", api.person, name="api_person"),
    path("api/replies/<str:key>", api.reply, name="api_reply"),
    path("api/measures/<str:key>", measures.measure, name="api_measure"),
]
