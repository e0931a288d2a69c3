"""What the linter stops does not go out, unless somebody says why and a second person agrees.

A gate of three places: handing over, approving, sending. Each looks anew, because the case, the team's
other replies and the linter may have changed meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.cases.queries import seen_by
from amends.cases.transitions import NotPossible, log_on_case
from amends.replies.lint import Linted, lint_draft
from amends.replies.models import Finding, Override, Reply
from amends.replies.queries import reply_digest

MAX_REASON = 2_000


def pass_the_linter(reply: Reply, *, reason: str, by: User, now: datetime) -> Linted:
    """Keep what was found of the text that is handed over; `reason` overrides what stops it.

    In the caller's transaction. Raises NotPossible where something stops it and no reason was given,
    or none can be: personal data (Q16) and a status that is not true (Q24) never go out.
    """
    linted = lint_draft(reply, now=now)
    stopped = uncovered(reply, linted)
    if stopped and not linted.may_override:
        raise NotPossible(
            _("This cannot go out, whatever the reason: %(checks)s. Change the words.")
            % {"checks": ", ".join(linted.blocking)}
        )
    if stopped and not reason.strip():
        raise NotPossible(
            _("The linter stops this: %(checks)s. Change the words, or say why they must stand.")
            % {"checks": ", ".join(stopped)}
        )
    _keep(reply, linted, now=now)
    if stopped:
        _override(reply, linted, reason=reason.strip()[:MAX_REASON], by=by, now=now)
    return linted


def check_linter_again(reply: Reply, *, by: User, is_alone: bool, now: datetime) -> None:
    """Before approving: nothing new may stop the text, and the approver overrode nothing of it.

    Raises NotPossible. One person alone is the second person after the pause, as for the words.
    """
    stopped = uncovered(reply, lint_draft(reply, now=now))
    if stopped:
        raise NotPossible(
            _("The linter stops this by now: %(checks)s. Send it back to its writer.")
            % {"checks": ", ".join(stopped)}
        )
    own = overrides_in_force(reply).filter(given_by=by)
    if not is_alone and own.exists():
        raise NotPossible(_("You overrode the linter here: somebody else must approve it."))


def is_stopped(reply: Reply, *, now: datetime) -> bool:
    """Before sending: whether something stops the text that nobody has overridden."""
    return bool(uncovered(reply, lint_draft(reply, now=now)))


def uncovered(reply: Reply, linted: Linted) -> tuple[str, ...]:
    """The checks that stop the text as it stands and are not overridden for exactly this text."""
    blocking = linted.blocking
    if not blocking:
        return ()
    covered = {code for one in overrides_in_force(reply) for code in one.codes}
    if not linted.may_override:
        covered.clear()
    return tuple(code for code in blocking if code not in covered)


def overrides_in_force(reply: Reply) -> QuerySet[Override]:
    """The overrides that were given for the text as it stands; any edit leaves them behind."""
    given = Override.objects.filter(reply=reply, digest=reply_digest(reply))
    return given.select_related("given_by").order_by("pk")


def count_overrides(user: User, *, workspace: Workspace, since: datetime) -> dict[str, int]:
    """How often each check was overridden since then, for those who may read the workspace."""
    counts: dict[str, int] = {}
    given = overrides_visible_to(user, workspace=workspace, since=since)
    for codes in given.values_list("codes", flat=True):
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    return counts


def overrides_visible_to(
    user: User, *, workspace: Workspace, since: datetime
) -> QuerySet[Override]:
    """What was handed over although a check stopped it, newest first; of cases that this person may see."""
    seen = seen_by(user, workspace=workspace, over="reply__case")
    given = Override.objects.filter(seen, given_at__gte=since)
    return given.select_related("reply__case").order_by("-given_at", "-pk")


def _keep(reply: Reply, linted: Linted, *, now: datetime) -> None:
    digest = reply_digest(reply)
    Finding.objects.bulk_create(
        Finding(
            workspace_id=reply.workspace_id,
            reply=reply,
            revision=reply.revision,
            digest=digest,
            code=one.code,
            reason=one.reason,
            level=one.level,
            start=one.start,
            end=one.end,
            linter=linted.linter,
            found_at=now,
        )
        for one in linted.findings
    )


def _override(reply: Reply, linted: Linted, *, reason: str, by: User, now: datetime) -> None:
    codes = list(linted.blocking)
    Override.objects.create(
        workspace_id=reply.workspace_id,
        reply=reply,
        revision=reply.revision,
        digest=reply_digest(reply),
        codes=codes,
        reason=reason,
        given_by=by,
        given_at=now,
    )
    about = {"reply": reply.pk, "revision": reply.revision, "checks": codes}
    log_on_case(reply.case, "reply.override", actor=actor_of(by), now=now, data=about)
