"""Brings in by hand what no channel reports: a pasted post, a phone call, an e-mail, a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.connectors.channels.manual import Entry, EntryKind, record_entry
from amends.core.clock import ScriptedClock
from amends.inbox.capture import capture_event
from amends.inbox.listen import payload_of, store_event
from amends.inbox.models import ChannelAccount, Comment
from amends.inbox.wire import event_from_json
from amends.record.log import Subject, log_action

MAX_NAME_CHARS = 200


class BadContact(Exception):
    """What was entered cannot be a contact; `field` names the value at fault."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """What a person typed; `id` is a UUID of the form, so that sending it twice makes one comment."""

    id: str
    kind: str
    text: str
    author_name: str
    url: str = ""
    happened_at: datetime | None = None  # None means now


def note_contact(account: ChannelAccount, *, form: ContactForm, by: User, now: datetime) -> Comment:
    """Capture the contact at once, as any event of a channel; raises BadContact."""
    refuse_unless(may_triage(by, account.workspace), _("bring in comments"))
    entry = Entry(
        id=form.id,
        kind=_kind(form.kind),
        text=form.text.strip(),
        author_name=form.author_name,
        published_at=_happened_at(form, now=now),
        url=form.url,
    )
    if not entry.text:
        raise BadContact(_("Write down what was said."), field="text")
    if len(form.author_name) > MAX_NAME_CHARS:
        raise BadContact(_("This name is too long."), field="author_name")
    if entry.kind is EntryKind.POST and not entry.url.startswith(("https://", "http://")):
        raise BadContact(_("Paste the address of the post, beginning with https://."), field="url")
    event = record_entry(entry, observed_at=now)
    with transaction.atomic():
        raw = store_event(event, account=account, clock=ScriptedClock(now))
        if raw is not None:
            capture_event(event_from_json(payload_of(raw)), account=account, now=now)
            type(raw).objects.filter(pk=raw.pk).update(next_step="", due_at=None)
        comment = Comment.objects.get(
            workspace_id=account.workspace_id,
            kind=account.kind,
            host=account.host,
            external_id=event.external_id,
        )
        if raw is not None:
            log_action(
                "comment.bring_in",
                workspace_id=account.workspace_id,
                actor=actor_of(by),
                subject=Subject("comment", str(comment.pk), entry.kind.value),
                now=now,
            )
    return comment


def _kind(code: str) -> EntryKind:
    try:
        return EntryKind(code)
    except ValueError:
        raise BadContact(_("Choose how it reached you."), field="kind") from None


def _happened_at(form: ContactForm, *, now: datetime) -> datetime:
    if form.happened_at is not None and form.happened_at > now:
        raise BadContact(_("This time lies in the future."), field="happened_at")
    return form.happened_at or now
