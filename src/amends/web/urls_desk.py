"""Addresses of inbox, cases and channels."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import cases, channels, contacts, inbox, lint, mentions, promises, replies, tour

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/pulse/", inbox.pulse, name="pulse"),
    path("inbox/<slug:view>/", inbox.inbox_view, name="inbox_view"),
    path("cases/C-<int:number>/", cases.case, name="case"),
    path("cases/C-<int:number>/triage/", cases.triage, name="case_triage"),
    path("cases/C-<int:number>/assign/", cases.assign, name="case_assign"),
    path("cases/C-<int:number>/note/", cases.note, name="case_note"),
    path("cases/C-<int:number>/close/", cases.close, name="case_close"),
    path("cases/C-<int:number>/reopen/", cases.reopen, name="case_reopen"),
    path("cases/C-<int:number>/reply/", replies.begin, name="reply_begin"),
    path("cases/C-<int:number>/reply/save/", replies.save, name="reply_save"),
    path("cases/C-<int:number>/reply/ask/", replies.ask, name="reply_ask"),
    path("cases/C-<int:number>/reply/lint/", lint.lint_reply, name="reply_lint"),
    path("cases/C-<int:number>/reply/pin/", replies.pin, name="reply_pin"),
    path("cases/C-<int:number>/reply/withdraw/", replies.withdraw, name="reply_withdraw"),
    path("cases/C-<int:number>/reply/approve/", replies.approve, name="reply_approve"),
    path("cases/C-<int:number>/reply/return/", replies.give_back, name="reply_return"),
    path("cases/C-<int:number>/delivery/confirm/", replies.confirm, name="delivery_confirm"),
    path("cases/C-<int:number>/delivery/again/", replies.again, name="delivery_again"),
    path("cases/C-<int:number>/delivery/settle/", replies.settle, name="delivery_settle"),
    path("cases/C-<int:number>/promises/make/", promises.make, name="promise_make"),
    path("cases/C-<int:number>/promises/settle/", promises.settle, name="promise_settle"),
    path("channels/", channels.channels, name="channels"),
    path("channels/connect/<slug:kind>/", channels.connect, name="channel_connect"),
    path("channels/<int:pk>/pause/", channels.pause, name="channel_pause"),
    path("channels/<int:pk>/resume/", channels.resume, name="channel_resume"),
    path("contacts/note/", contacts.note, name="note_contact"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("mentions/save/", mentions.save_mentions, name="save_mentions"),
    path("mentions/try/", mentions.try_mentions, name="try_mentions"),
    path("tour/move/", tour.move_tour, name="move_tour"),
    path("tour/restart/", tour.restart_tour, name="restart_tour"),
]
