"""Keeps lists under names: one's own, and those that leads share with everybody."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read, may_save_views, may_share_views, refuse_unless
from amends.cases.filters import CaseFilter
from amends.cases.models import SavedView
from amends.cases.transitions import NotPossible
from amends.cases.working_views import VIEWS
from amends.record.log import Subject, log_action

MOST_VIEWS = 20  # of one person, and as many shared: each is counted on every page


def saved_views_visible_to(user: User, *, workspace: Workspace) -> QuerySet[SavedView]:
    """The person's own and the shared ones, in their order; the shared ones last."""
    if not may_read(user, workspace):
        return SavedView.objects.none()
    mine_or_shared = Q(owner=user) | Q(is_shared=True)
    rows = SavedView.objects.filter(mine_or_shared, workspace=workspace)
    return rows.select_related("owner").order_by("is_shared", "position", "pk")


def may_change_view(user: User, view: SavedView) -> bool:
    """Shared ones belong to the leads; one's own to oneself."""
    if view.is_shared:
        return may_share_views(user, view.workspace)
    return view.owner_id == user.pk and may_save_views(user, view.workspace)


def save_view(
    workspace: Workspace, *, name: str, query: str, is_shared: bool = False, by: User, now: datetime
) -> SavedView:
    """Keep a list; raises NotPossible without a name, for one that is taken, or when there are too many."""
    _refuse(workspace, is_shared=is_shared, by=by)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(
            pk=workspace.pk
        )  # two at once: one after the other
        there = _beside(workspace, is_shared=is_shared, owner=by)
        if there.count() >= MOST_VIEWS:
            raise NotPossible(
                _("There are %(count)d saved views already: delete one first.")
                % {"count": MOST_VIEWS}
            )
        view = SavedView.objects.create(
            workspace=workspace,
            owner=by,
            name=_free_name(name, among=there),
            query=clean_query(query),
            is_shared=is_shared,
            position=(there.aggregate(last=Max("position"))["last"] or 0) + 1,
            created_at=now,
        )
        _log(view, "view.save", by=by, now=now)
    return view


def change_view(
    view: SavedView, *, name: str, query: str | None = None, by: User, now: datetime
) -> None:
    """Rename it, and let it show another list where `query` is given. Raises as `save_view`."""
    _refuse_change(view, by=by)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=view.workspace_id)
        there = _beside(view.workspace, is_shared=view.is_shared, owner=view.owner)
        values = {"name": _free_name(name, among=there.exclude(pk=view.pk))}
        if query is not None:
            values["query"] = clean_query(query)
        if not SavedView.objects.filter(pk=view.pk).update(**values):
            raise NotPossible(_("This view was deleted in the meantime."))
        view.refresh_from_db()
        _log(view, "view.change", by=by, now=now)


def share_view(view: SavedView, *, is_shared: bool, by: User, now: datetime) -> None:
    """Show it to everybody, or take it back to whoever made it. Raises as `save_view`."""
    _refuse_change(view, by=by)
    refuse_unless(may_share_views(by, view.workspace), _("share views"))
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=view.workspace_id)
        there = _beside(view.workspace, is_shared=is_shared, owner=view.owner)
        if there.exclude(pk=view.pk).count() >= MOST_VIEWS:
            raise NotPossible(
                _("There are %(count)d saved views already: delete one first.")
                % {"count": MOST_VIEWS}
            )
        name = _free_name(view.name, among=there.exclude(pk=view.pk))
        SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared, name=name)
        view.refresh_from_db()
        _log(view, "view.share" if is_shared else "view.unshare", by=by, now=now)


def move_view(view: SavedView, *, up: bool, by: User, now: datetime) -> None:
    """Change places with the one above or below it; at the end of the row nothing happens."""
    _refuse_change(view, by=by)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=view.workspace_id)
        there = list(
            _beside(view.workspace, is_shared=view.is_shared, owner=view.owner).order_by(
                "position", "pk"
            )
        )
        place = next((n for n, one in enumerate(there) if one.pk == view.pk), None)
        other = None if place is None else place + (-1 if up else 1)
        if place is None or other is None or not 0 <= other < len(there):
            return
        there[place], there[other] = there[other], there[place]
        for position, one in enumerate(there, start=1):
            SavedView.objects.filter(pk=one.pk).update(position=position)
        _log(view, "view.move", by=by, now=now)


def delete_view(view: SavedView, *, by: User, now: datetime) -> None:
    """The list goes, its cases stay."""
    _refuse_change(view, by=by)
    with transaction.atomic():
        _log(view, "view.delete", by=by, now=now)
        SavedView.objects.filter(pk=view.pk).delete()


def clean_query(query: str) -> str:
    """View and filter of an address and nothing else; an unknown view becomes All."""
    values = parse_qs(query, max_num_fields=100)
    view = values.get("view", ["all"])[-1]
    known = view if view in VIEWS else "all"
    return urlencode([("view", known), *CaseFilter.read(values).pairs()])


def _refuse(workspace: Workspace, *, is_shared: bool, by: User) -> None:
    refuse_unless(may_save_views(by, workspace), _("save views"))
    if is_shared:
        refuse_unless(may_share_views(by, workspace), _("share views"))


def _refuse_change(view: SavedView, *, by: User) -> None:
    refuse_unless(may_save_views(by, view.workspace), _("save views"))
    if not may_change_view(by, view):
        raise NotPossible(_("What is shared with everybody is changed by owners and leads."))


def _beside(workspace: Workspace, *, is_shared: bool, owner: User) -> QuerySet[SavedView]:
    """The views that one view stands among: all shared ones, or those of its owner."""
    rows = SavedView.objects.filter(workspace=workspace, is_shared=is_shared)
    return rows if is_shared else rows.filter(owner=owner)


def _free_name(name: str, *, among: QuerySet[SavedView]) -> str:
    name = " ".join(name.split())[:60]
    if not name:
        raise NotPossible(_("Give the view a name."))
    if name.casefold() in {one.casefold() for one in among.values_list("name", flat=True)}:
        raise NotPossible(_("There is a saved view of this name already."))
    return name


def _log(view: SavedView, action: str, *, by: User, now: datetime) -> None:
    log_action(
        action,
        workspace_id=view.workspace_id,
        actor=actor_of(by),
        subject=Subject("view", str(view.pk), view.name),
        now=now,
        data={"shared": view.is_shared},
    )
