"""Begins an empty draft with the parts that the decision asks for; its gaps are the writer's to fill in."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.transitions import NotPossible
from amends.cases.triage import latest_triage
from amends.replies.draft import save_draft
from amends.replies.lint import gather_context, language_of, recent_replies, words_answered
from amends.replies.models import PromiseStatus, Reply
from amends.replies.promise import promises_of
from amends_engine.compose.compose import Facts, compose_draft
from amends_engine.compose.starters import UnknownLanguage


def begin_with_parts(reply: Reply, *, by: User, now: datetime) -> Reply:
    """Store a composed draft as the reply's first text; nothing typed is ever replaced by it.

    Raises NotPossible where something stands there already, the decision asks for no reply, or no first
    sentences are written in the language of the comment.
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.text.strip():
        raise NotPossible(_("Something is written here already: a beginning would replace it."))
    context = gather_context(reply, now=now)
    components = tuple(context.get("required", ()))
    if not components:
        raise NotPossible(
            _("The playbook asks for no reply here, so there is nothing to begin with.")
        )
    try:
        text = compose_draft(_facts(reply, components=components, context=context, by=by))
    except UnknownLanguage:
        raise NotPossible(
            _("No first sentences are written in the language of this comment yet.")
        ) from None
    return save_draft(reply, text=text, revision=reply.revision, by=by, now=now)


def _facts(
    reply: Reply, *, components: tuple[str, ...], context: dict[str, object], by: User
) -> Facts:
    triage = latest_triage(reply.case)
    return Facts(
        comment=words_answered(reply),
        language=language_of(reply).partition("-")[0],
        components=components,
        fault_share=triage.fault_share if triage else None,
        category=str(context.get("category", "")),
        address=str(context.get("address", "")),
        author=_first_word(reply.comment.author.display_name),
        name=_first_word(by.name),
        time=_promised(reply),
        recent=recent_replies(reply),
        seed=reply.case.public_id,
    )


def _promised(reply: Reply) -> str:
    """When the next promise of the case is due, as its reader's clock shows it; empty: a gap."""
    promises = promises_of(reply.case)
    first = next((one for one in promises if one.status == PromiseStatus.OPEN), None)
    if first is None:
        return ""
    with timezone.override(reply.case.brand.time_zone), override("en-gb"):
        return date_format(timezone.localtime(first.promised_for), "d.m. H:i")


def _first_word(name: str) -> str:
    return name.split()[0] if name.split() else ""
