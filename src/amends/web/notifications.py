"""What a person was told: the list, unread first to the eye, and marking it read."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.change_notices import mark_read
from amends.accounts.models import Notification, NotificationKind
from amends.accounts.notice_words import notice_sentence
from amends.accounts.permissions import may_read
from amends.cases.tell import notices_visible_to
from amends.web.pages import DeskRequest, action, page
from amends.web.subjects import subject_address

PAGE_SIZE = 40
ICONS = {
    "mention": "message-square",
    "assignment": "user",
    "warning": "clock",
    "breach": "triangle-alert",
    "approval": "shield-check",
    "task": "list",
    "measure": "scale",
    "connection": "plug",
}


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as the list shows it."""

    notice: Notification
    said: str
    by: str
    icon: str
    address: str


@page(may=may_read)
def notifications(request: DeskRequest) -> HttpResponse:
    """All notices of this person here; `show=unread` and `kind` narrow them."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in NotificationKind.values else ""
    is_unread = request.GET.get("show") == "unread"
    rows = notices_visible_to(
        request.user, workspace=request.workspace, is_unread=True if is_unread else None, kind=kind
    )
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "notices": [_view(one) for one in shown.object_list],
        "shown": shown,
        "kind": kind,
        "kinds": NotificationKind.choices,
        "is_unread": is_unread,
        "now": request.clock.now(),
    }
    return render(request, "notifications/notifications.html", context)


@action(may=may_read)
def read(request: DeskRequest) -> HttpResponse:
    """Mark one notice read, or all of them."""
    raw = request.POST.get("notice", "")
    now = request.clock.now()
    if not raw:
        mark_read(request.user, workspace=request.workspace, now=now)
        return HttpResponseRedirect(reverse("notifications"))
    pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    mark_read(request.user, workspace=request.workspace, now=now, pks=[pk])
    return HttpResponseRedirect(reverse("notifications"))


def _view(notice: Notification) -> NoticeView:
    by = notice.facts.get("by", "")
    return NoticeView(
        notice=notice,
        said=notice_sentence(notice),
        by=_("by %(name)s") % {"name": by} if by else "",
        icon=ICONS.get(notice.kind, "info"),
        address=subject_address(notice.subject_kind, notice.subject_id),
    )
