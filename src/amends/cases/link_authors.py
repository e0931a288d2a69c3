"""Ties authors on different channels that are one person: proposed, confirmed by a person, undoable.

The machine only proposes (the same handle, a contact that both gave). A proposal shows nothing of one
author on the page of the other but its name and why; what a link opens is said by lanes as ever.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_link_authors, refuse_unless
from amends.cases.models import IdentityLink, LinkGround, LinkState, Trace, TraceKind
from amends.cases.transitions import NotPossible
from amends.inbox.models import Author
from amends.record.log import WORKER, Actor, Subject, log_action

SURE = {LinkGround.HANDLE: 0.5, LinkGround.EMAIL: 0.9, LinkGround.PHONE: 0.8, LinkGround.SAID: 1.0}
SHORTEST_HANDLE = 5
MOST = 20  # proposals at once, and authors that one person may have
MAX_REASON = 300


def propose_links(author: Author, *, now: datetime) -> int:
    """Note who else this author may be; in the caller's transaction. Says how many are new."""
    found = [(other, LinkGround.HANDLE) for other in _same_handle(author)]
    for kind, ground in ((TraceKind.EMAIL, LinkGround.EMAIL), (TraceKind.PHONE, LinkGround.PHONE)):
        found += [(other, ground) for other in _same_contact(author, kind=kind)]
    best: dict[int, LinkGround] = {}
    for other, ground in found:
        best[other] = max(best.get(other, ground), ground, key=SURE.__getitem__)
    new = 0
    for other, ground in best.items():
        pair = _pair(author.pk, other)
        values = {"ground": ground, "confidence": SURE[ground], "proposed_at": now}
        link, is_new = IdentityLink.objects.get_or_create(
            **pair, defaults={"workspace_id": author.workspace_id, **values}
        )
        if is_new:
            new += 1
            _log(link, "author.propose_link", actor=WORKER, now=now)
        elif SURE[ground] > link.confidence and link.state == LinkState.PROPOSED:
            IdentityLink.objects.filter(pk=link.pk).update(**values)
    return new


def say_same(
    author: Author, *, other: Author, reason: str, by: User, now: datetime
) -> IdentityLink:
    """A person says that two authors are one; raises NotPossible for one author, and without a reason."""
    refuse_unless(may_link_authors(by, author.workspace), _("say that two authors are one person"))
    if author.pk == other.pk or author.workspace_id != other.workspace_id:
        raise NotPossible(_("Name another author: the case of the same person, such as C-12."))
    if not reason.strip():
        raise NotPossible(_("Say how you know that it is the same person."))
    values = {
        "ground": LinkGround.SAID,
        "confidence": SURE[LinkGround.SAID],
        "reason": reason.strip()[:MAX_REASON],
        "state": LinkState.CONFIRMED,
        "decided_by": by,
        "decided_at": now,
    }
    first = {"workspace_id": author.workspace_id, "proposed_by": by, "proposed_at": now}
    with transaction.atomic():
        link, _is_new = IdentityLink.objects.update_or_create(
            **_pair(author.pk, other.pk), defaults=values, create_defaults=values | first
        )
        _log(link, "author.link", actor=actor_of(by), now=now)
    return link


def decide_link(link: IdentityLink, *, is_same: bool, by: User, now: datetime) -> None:
    """Confirm a proposal or refuse it, or undo a link; a refusal is remembered. Raises NotPossible."""
    refuse_unless(may_link_authors(by, link.workspace), _("say that two authors are one person"))
    before = LinkState(link.state)
    after = LinkState.CONFIRMED if is_same else LinkState.REFUSED
    if before == LinkState.CONFIRMED:
        after = LinkState.UNDONE
    if is_same and before == LinkState.CONFIRMED:
        raise NotPossible(_("These two are linked already."))
    with transaction.atomic():
        rows = IdentityLink.objects.filter(pk=link.pk, state=before)
        if not rows.update(state=after, decided_by=by, decided_at=now):
            raise NotPossible(_("Somebody else decided about this link meanwhile."))
        link.state = after
        action = "author.link" if after == LinkState.CONFIRMED else "author.unlink"
        _log(link, action, actor=actor_of(by), now=now)


def links_of(author: Author) -> QuerySet[IdentityLink]:
    """The links of one author that stand or are proposed, the surest first."""
    rows = IdentityLink.objects.filter(Q(first=author) | Q(second=author))
    rows = rows.filter(state__in=[LinkState.PROPOSED, LinkState.CONFIRMED])
    return rows.select_related("first", "second", "workspace", "decided_by").order_by(
        "state", "-confidence", "pk"
    )


def same_person(author_id: int) -> list[int]:
    """Keys of the author and of everybody whom confirmed links tie to them, at most `MOST`."""
    found, frontier = [author_id], [author_id]
    while frontier and len(found) < MOST:
        rows = IdentityLink.objects.filter(
            Q(first__in=frontier) | Q(second__in=frontier), state=LinkState.CONFIRMED
        )
        near = {key for pair in rows.values_list("first", "second") for key in pair}
        frontier = sorted(near - set(found))
        found += frontier
    return found[:MOST]


def _same_handle(author: Author) -> list[int]:
    handle = author.handle.lower().lstrip("@")
    if len(handle) < SHORTEST_HANDLE:
        return []
    name = handle.partition(".")[0]
    wanted = {handle, f"@{handle}"} | ({name} if len(name) >= SHORTEST_HANDLE else set())
    rows = Author.objects.alias(small=Lower("handle")).filter(
        workspace=author.workspace_id, small__in=wanted
    )
    elsewhere = rows.exclude(kind=author.kind, host=author.host)
    return list(elsewhere.values_list("pk", flat=True).order_by("pk")[:MOST])


def _same_contact(author: Author, *, kind: TraceKind) -> list[int]:
    own = Trace.objects.filter(comment__author=author, kind=kind).values_list("digest", flat=True)
    digests = list(own.order_by("-at")[:MOST])
    if not digests:
        return []
    others = Trace.objects.filter(workspace=author.workspace_id, kind=kind, digest__in=digests)
    others = others.exclude(comment__author=author).exclude(
        comment__author__kind=author.kind, comment__author__host=author.host
    )
    return list(others.order_by().values_list("comment__author", flat=True).distinct()[:MOST])


def _pair(one: int, other: int) -> dict[str, int]:
    return {"first_id": min(one, other), "second_id": max(one, other)}


def _log(link: IdentityLink, action: str, *, actor: Actor, now: datetime) -> None:
    for one, other in ((link.first_id, link.second_id), (link.second_id, link.first_id)):
        log_action(
            action,
            workspace_id=link.workspace_id,
            actor=actor,
            subject=Subject("author", str(one), f"author {one}"),
            now=now,
            data={"other": other, "ground": link.ground, "confidence": link.confidence},
        )
