"""The bystander pass (K11): before a reply is handed over, its writer reads it as a stranger will.

Four statements, all of them, for exactly this text. Sources: S0.25, S0.26, S0.33, S0.34, S2.15, S2.36.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.cases.transitions import NotPossible, log_on_case
from amends.replies.models import BystanderPass, Reply
from amends.replies.queries import reply_digest

STATEMENTS = ("understood", "fair", "screenshot", "face")


class NotReadYet(NotPossible):
    """The reply was not yet read as a bystander, or not all statements were agreed to."""


def bystander_pass_in_force(reply: Reply) -> BystanderPass | None:
    """The pass for exactly the text, target and version as they stand; None after any change."""
    passes = BystanderPass.objects.filter(reply=reply, digest=reply_digest(reply))
    return passes.select_related("read_by").order_by("-pk").first()


def read_as_bystander(
    reply: Reply, *, agreed: Collection[str], by: User, now: datetime
) -> BystanderPass:
    """The pass in force, or a new one where all statements are agreed to; in the caller's transaction.

    Raises NotReadYet where there is none and a statement is missing.
    """
    standing = bystander_pass_in_force(reply)
    if standing is not None:
        return standing
    if not set(STATEMENTS) <= set(agreed):
        raise NotReadYet(
            _("Read the reply as a stranger would, and tick all four statements if they hold.")
        )
    made = BystanderPass.objects.create(
        workspace_id=reply.workspace_id,
        reply=reply,
        revision=reply.revision,
        digest=reply_digest(reply),
        read_by=by,
        read_at=now,
    )
    about = {"reply": reply.pk, "revision": reply.revision}
    log_on_case(reply.case, "reply.bystander", actor=actor_of(by), now=now, data=about)
    return made
