"""The log as a page: what was done, by whom, to what; newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from amends.accounts.permissions import may_read_log
from amends.record.models import ActionLog
from amends.record.queries import log_page
from amends.web.log_words import action_words, actor_words
from amends.web.pages import DeskRequest, page
from amends.web.subjects import subject_address


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is shown."""

    entry: ActionLog
    who: str
    words: str
    details: str
    subject_url: str  # the case itself, where there is a page
    same_subject_url: str


@page(may=may_read_log)
def log(request: DeskRequest) -> HttpResponse:
    """One page of the log; `subject=case:C-12` narrows it, `before` goes on."""
    wanted = request.GET.get("subject", "").replace("\x00", "").strip()
    kind, _colon, public_id = wanted.partition(":")
    before = request.GET.get("before", "")
    found = log_page(
        request.workspace.pk,
        subject_kind=kind,
        subject_id=public_id,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    subject = f"{kind}:{public_id}" if kind and public_id else ""
    older = {"before": found.next_before} if found.next_before else {}
    shown = {
        "rows": [_row(entry) for entry in found.entries],
        "subject": subject,
        "subject_label": public_id if subject else "",
        "older_url": _address(subject=subject, **older) if older else "",
        "is_first": not before,
        "now": request.clock.now(),
    }
    return render(request, "log/log.html", shown)


def _row(entry: ActionLog) -> Row:
    details = json.dumps(entry.data, ensure_ascii=False, indent=1) if entry.data else ""
    return Row(
        entry=entry,
        who=actor_words(entry.actor_kind, entry.actor_label),
        words=action_words(entry.action),
        details=details,
        subject_url=subject_address(entry.subject_kind, entry.subject_id),
        same_subject_url=_address(subject=f"{entry.subject_kind}:{entry.subject_id}"),
    )


def _address(**query: str | int) -> str:
    wanted = {name: value for name, value in query.items() if value}
    return f"{reverse('log')}?{urlencode(wanted)}" if wanted else reverse("log")
