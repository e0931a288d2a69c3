"""Which comments and cases are one matter: merge, undo, split, move a comment, choose what is answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_draft, may_merge
from amends.cases.family import merge_of, merges_into
from amends.cases.models import Case, CaseComment, Merge
from amends.cases.places import choose_comment
from amends.cases.queries import case_or_none
from amends.cases.suggest_merges import say_not_the_same
from amends.cases.transitions import NotPossible
from amends.core.ids import PublicIdError, parse_public_id
from amends.inbox.models import Comment
from amends.pipeline import join
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action

MOST_CHOSEN = 500


@action(may=may_merge)
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Take another case over into this one."""
    found = find_case(request, number)

    def take() -> str:
        other = other_case(request, "other")
        reason = request.POST.get("reason", "")
        join.merge(other, into=found, reason=reason, by=user_of(request), now=now_of(request))
        return _("%(case)s is part of this case now.") % {"case": other.public_id}

    return act(request, found, do=take, place="matter", then="matter")


@action(may=may_merge)
def not_the_same(request: HttpRequest, number: int) -> HttpResponse:
    """Remember that a suggested case is another matter."""
    found = find_case(request, number)

    def deny() -> str:
        other = other_case(request, "other")
        say_not_the_same(found, other=other, by=user_of(request), now=now_of(request))
        return _("Noted: %(case)s is another matter.") % {"case": other.public_id}

    return act(request, found, do=deny, place="matter", then="matter")


@action(may=may_merge)
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a merge, from the page of either case."""
    found = find_case(request, number)

    def undo() -> str:
        join.unmerge(_merge(request, found), by=user_of(request), now=now_of(request))
        return _("The cases are two again.")

    return act(request, found, do=undo, place="matter", then="matter")


@action(may=may_merge)
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Make a case of its own of the chosen comments, or move them to another case."""
    found = find_case(request, number)
    chosen = [int(key) for key in request.POST.getlist("comment")[:MOST_CHOSEN] if is_key(key)]

    def part() -> str:
        by, now = user_of(request), now_of(request)
        if request.POST.get("to") != "other":
            made = join.split(found, comments=chosen, by=by, now=now)
            return _("%(case)s is a case of its own now.") % {"case": made.public_id}
        if len(chosen) != 1:
            raise NotPossible(_("Choose the one comment that belongs to the other case."))
        other = other_case(request, "other")
        comment = _comment(found, chosen[0])
        join.attach(comment, source=found, to=other, by=by, now=now)
        return _("The comment belongs to %(case)s now.") % {"case": other.public_id}

    return act(request, found, do=part, place="matter", then="matter")


@action(may=may_draft)
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Choose which comment of the case is answered next."""
    found = find_case(request, number)

    def turn() -> str:
        key = request.POST.get("comment", "")
        comment = _comment(found, int(key) if is_key(key) else 0)
        choose_comment(found, comment, by=user_of(request), now=now_of(request))
        return _("The next reply goes to %(name)s.") % {"name": comment.author}

    return act(request, found, do=turn, place="matter", then="reply")


def other_case(request: HttpRequest, name: str) -> Case:
    """The case that a field names, if this person may know of it; else NotPossible."""
    raw = request.POST.get(name, "").strip()
    try:
        number = parse_public_id(f"C-{raw}" if raw.isdecimal() else raw).number
    except PublicIdError:
        number = 0
    workspace = request.workspace  # type: ignore[attr-defined]
    found = case_or_none(user_of(request), workspace=workspace, number=number)
    if found is None:
        raise NotPossible(_("Name the other case with the same matter, such as C-12."))
    return found


def is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def _comment(found: Case, key: int) -> Comment:
    item = CaseComment.objects.filter(case=found, comment=key).select_related("comment__author")
    first = item.first()
    if first is None:
        raise NotPossible(_("This comment does not belong to the case."))
    comment: Comment = first.comment
    return comment


def _merge(request: HttpRequest, found: Case) -> Merge:
    key = request.POST.get("merge", "")
    ended = merge_of(found)
    rows = merges_into(found).select_related("merged__workspace", "survivor__workspace")
    row = rows.filter(pk=int(key)).first() if is_key(key) else None
    if row is None and ended is not None and str(ended.pk) == key:
        row = Merge.objects.select_related("merged__workspace", "survivor").get(pk=ended.pk)
    if row is None:
        raise NotPossible(_("This merge was undone before."))
    return row
