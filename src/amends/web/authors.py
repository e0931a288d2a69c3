"""Who an author is: what they said on every channel, what we promised and did, and who else they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.accounts.models import User
from amends.accounts.permissions import may_erase, may_link_authors, may_read
from amends.cases.author_history import (
    author_or_none,
    cases_of_authors,
    comments_visible_to,
    times_advocate,
)
from amends.cases.link_authors import decide_link, links_of, same_person, say_same
from amends.cases.models import Case, CaseComment, IdentityLink, LinkState
from amends.cases.transitions import NotPossible
from amends.cases.welfare import veiled_for
from amends.inbox.models import Author, Comment
from amends.inbox.queries import versions_of
from amends.measures.models import Measure
from amends.measures.queries import measures_visible_to
from amends.replies.erase_person import erase_person
from amends.replies.models import Promise, PromiseStatus
from amends.web.cases import now_of, user_of
from amends.web.conversation import VersionView, view_versions
from amends.web.matters import is_key, other_case
from amends.web.pages import action, page

AT_ONCE = 20
MOST = 50


@dataclass(frozen=True, slots=True)
class SaidView:
    """One comment with its versions, and its case where there is one."""

    comment: Comment
    versions: tuple[VersionView, ...]
    case: Case | None
    is_folded: bool  # hostile, and this person has such words wait behind "show"

    @property
    def words(self) -> VersionView | None:
        return next((one for one in reversed(self.versions) if not one.gone), None)

    @property
    def gone(self) -> str:
        return self.versions[-1].gone if self.versions else ""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as seen from this author."""

    link: IdentityLink
    other: Author

    @property
    def is_confirmed(self) -> bool:
        return self.link.state == LinkState.CONFIRMED


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """The page for one person; `others` are the authors that confirmed links tie to this one."""

    author: Author
    others: tuple[Author, ...]
    links: tuple[LinkView, ...]
    cases: list[Case]
    said: tuple[SaidView, ...]
    older: str
    promises: list[Promise]
    kept: int
    broken: int
    measures: list[Measure]
    advocate: int
    may_link: bool
    may_erase: bool


@page(may=may_read)
def author(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that this person may know of an author."""
    found = _find(request, pk)
    shown = _read(found, user=user_of(request), before=request.GET.get("before", ""))
    return _show(request, shown)


@action(may=may_link_authors)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the author of a case is the same person."""
    found = _find(request, pk)

    def tie() -> str:
        other = other_case(request, "other").comment.author
        reason = request.POST.get("reason", "")
        say_same(found, other=other, reason=reason, by=user_of(request), now=now_of(request))
        return _("Linked. You can undo it below.")

    return _act(request, found, do=tie)


@action(may=may_link_authors)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a proposed link, refuse it, or undo one."""
    found = _find(request, pk)

    def rule() -> str:
        key = request.POST.get("link", "")
        row = links_of(found).filter(pk=int(key)).first() if is_key(key) else None
        if row is None or _other(row, found, user=user_of(request)) is None:
            raise NotPossible(_("There is no such link any more."))
        is_same = request.POST.get("is") == "same"
        decide_link(row, is_same=is_same, by=user_of(request), now=now_of(request))
        return _("Linked. You can undo it below.") if is_same else _("Noted: two persons.")

    return _act(request, found, do=rule)


@action(may=may_erase)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase the words, the name and the contacts of an author, over all confirmed links."""
    found = _find(request, pk)

    def away() -> str:
        reason = request.POST.get("reason", "")
        done = erase_person(found, reason=reason, by=user_of(request), now=now_of(request))
        said = ngettext(
            "%(count)d comment was erased.", "%(count)d comments were erased.", done.comments
        ) % {"count": done.comments}
        if done.private or done.contacts:
            said += " " + _("Private texts erased: %(words)d; contacts erased: %(contacts)d.") % {
                "words": done.private,
                "contacts": done.contacts,
            }
        if done.held:
            said += " " + _("%(count)d stay under a legal hold.") % {"count": done.held}
        return said

    return _act(request, found, do=away)


def _find(request: HttpRequest, pk: int) -> Author:
    workspace = request.workspace  # type: ignore[attr-defined]
    found = author_or_none(user_of(request), workspace=workspace, pk=pk)
    if found is None:
        raise Http404(_("There is no such author, or nothing of theirs is yours to see."))
    return found


def _act(request: HttpRequest, found: Author, *, do: object) -> HttpResponse:
    try:
        said = do()  # type: ignore[operator]
    except NotPossible as refused:
        shown = _read(found, user=user_of(request), before="")
        return _show(request, shown, problem=str(refused), status=422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("author", args=[found.pk]))


def _show(
    request: HttpRequest, shown: AuthorPage, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"page": shown, "now": now_of(request), "problem": problem, "typed": request.POST}
    return render(request, "authors/author.html", context, status=status)


def _read(found: Author, *, user: User, before: str) -> AuthorPage:
    workspace = found.workspace
    links = [
        LinkView(row, other)
        for row in links_of(found)[:MOST]
        if (other := _other(row, found, user=user)) is not None
    ]
    authors = [
        pk
        for pk in same_person(found.pk)
        if pk == found.pk or author_or_none(user, workspace=workspace, pk=pk) is not None
    ]
    cases = cases_of_authors(user, workspace=workspace, authors=authors)
    said, older = _said(found, user=user, authors=authors, before=before)
    promises = Promise.objects.filter(case__in=cases.order_by().values("pk"))
    ends = list(promises.values_list("status", flat=True))
    measures = measures_visible_to(user, workspace=workspace).filter(author__in=authors)
    return AuthorPage(
        author=found,
        others=tuple(Author.objects.filter(pk__in=authors).exclude(pk=found.pk).order_by("pk")),
        links=tuple(links),
        cases=list(cases[:MOST]),
        said=said,
        older=older,
        promises=list(promises.select_related("case", "owner").order_by("-made_at")[:MOST]),
        kept=ends.count(PromiseStatus.KEPT),
        broken=ends.count(PromiseStatus.BROKEN),
        measures=list(measures.order_by("-acted_at", "-pk")[:MOST]),
        advocate=times_advocate(user, workspace=workspace, authors=authors),
        may_link=may_link_authors(user, workspace),
        may_erase=may_erase(user, workspace),
    )


def _other(row: IdentityLink, found: Author, *, user: User) -> Author | None:
    """The author at the other end, if anything of theirs is this person's to see."""
    pk = row.second_id if row.first_id == found.pk else row.first_id
    return author_or_none(user, workspace=found.workspace, pk=pk)


def _said(
    found: Author, *, user: User, authors: list[int], before: str
) -> tuple[tuple[SaidView, ...], str]:
    """A page of comments, newest first, and the moment from which the next one goes on."""
    rows = comments_visible_to(user, workspace=found.workspace, authors=authors)
    moment = _moment(before)
    if moment is not None:
        rows = rows.filter(published_at__lt=moment)
    comments = list(rows.select_related("account", "author")[: AT_ONCE + 1])
    items = CaseComment.objects.filter(comment__in=comments).select_related("case")
    cases = {item.comment_id: item.case for item in items}
    folded = veiled_for(user, comments=[one.pk for one in comments])
    shown = tuple(
        SaidView(one, view_versions(versions_of(one)), cases.get(one.pk), one.pk in folded)
        for one in comments[:AT_ONCE]
    )
    older = shown[-1].comment.published_at.isoformat() if len(comments) > AT_ONCE else ""
    return shown, older


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
