"""The form by which a person brings in what no channel reports: a pasted post, a call, a letter."""

from __future__ import annotations

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_manage_channels, may_triage
from amends.connectors.channels.manual import ENTRY_LABELS
from amends.inbox.models import ChannelAccount
from amends.inbox.note_contact import BadContact, ContactForm, note_contact
from amends.inbox.queries import channel_accounts_visible_to
from amends.web.cases import now_of, user_of
from amends.web.pages import page


@page(may=may_triage, to_post=may_triage)
def note(request: HttpRequest) -> HttpResponse:
    """Note a contact; it becomes a case like any comment."""
    accounts = list(
        channel_accounts_visible_to(
            user_of(request),
            workspace=request.workspace,  # type: ignore[attr-defined]
        )
        .filter(kind="manual")
        .order_by("brand__name", "pk")
    )
    if request.method != "POST" or not accounts:
        return _show(request, accounts=accounts)
    try:
        form = _read(request)
        note_contact(
            _chosen(request, accounts), form=form, by=user_of(request), now=now_of(request)
        )
    except BadContact as refused:
        return _show(
            request, accounts=accounts, problem=refused, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    messages.success(request, _("Noted. It appears in the inbox in a moment."))
    return HttpResponseRedirect(reverse("inbox_view", args=["all"]))


def _read(request: HttpRequest) -> ContactForm:
    try:
        key = str(uuid.UUID(request.POST.get("id", "")))
    except ValueError:
        key = str(uuid.uuid4())
    return ContactForm(
        id=key,
        kind=request.POST.get("kind", ""),
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        author_name=request.POST.get("author_name", "").strip(),
        url=request.POST.get("url", "").strip(),
        happened_at=_read_moment(request.POST.get("happened_at", "")),
    )


def _read_moment(raw: str) -> datetime | None:
    if not raw.strip():
        return None
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        raise BadContact(
            _("This is no date with a time; write it like 2026-11-24 14:30."), field="happened_at"
        ) from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _chosen(request: HttpRequest, accounts: list[ChannelAccount]) -> ChannelAccount:
    wanted = request.POST.get("account", "")
    return next((one for one in accounts if str(one.pk) == wanted), accounts[0])


def _show(
    request: HttpRequest,
    *,
    accounts: list[ChannelAccount],
    problem: BadContact | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "accounts": accounts,
        "kinds": [(kind.value, _(label)) for kind, label in ENTRY_LABELS.items()],
        "form_id": request.POST.get("id") or str(uuid.uuid4()),
        "typed": request.POST,
        "problem": {"field": problem.field, "text": str(problem)} if problem else {},
        "may_connect": may_manage_channels(user_of(request), request.workspace),  # type: ignore[attr-defined]
    }
    return render(request, "channels/note_contact.html", context, status=status)
