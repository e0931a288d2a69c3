"""Renames, recolours, retires and merges labels, and counts where they stand."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_manage_labels, refuse_unless
from amends.cases.label import check_name, label_subject
from amends.cases.models import OPEN_STATUSES, Case, CaseLabel, Label, LabelColour
from amends.cases.queries import seen_by
from amends.cases.transitions import NotPossible
from amends.record.log import log_action


def change_label(label: Label, *, name: str, colour: str, by: User, now: datetime) -> None:
    """Rename and recolour; raises NotPossible for a name that another label has, whatever its case."""
    _refuse_unless_manager(by, label.workspace)
    name = check_name(name)
    if colour not in LabelColour.values:
        raise NotPossible(_("There is no such colour."))
    before = {"name": label.name, "colour": label.colour}
    if before == {"name": name, "colour": colour}:
        return
    label.name, label.colour = name, colour
    try:
        with transaction.atomic():
            label.save(update_fields=["name", "key", "colour"])
            _touch_cases(label, now=now)
            _log(label, "label.change", by=by, now=now, before=before, name=name, colour=colour)
    except IntegrityError:
        raise NotPossible(_("There is a label of this name already: merge the two.")) from None


def retire_label(label: Label, *, by: User, now: datetime) -> None:
    """It stays on the cases that bear it and is offered no more."""
    _refuse_unless_manager(by, label.workspace)
    with transaction.atomic():
        if Label.objects.filter(pk=label.pk, retired_at__isnull=True).update(retired_at=now):
            _log(label, "label.retire", by=by, now=now)


def revive_label(label: Label, *, by: User, now: datetime) -> None:
    """Offer a retired label again."""
    _refuse_unless_manager(by, label.workspace)
    with transaction.atomic():
        if Label.objects.filter(pk=label.pk, retired_at__isnull=False).update(retired_at=None):
            _log(label, "label.revive", by=by, now=now)


def merge_labels(label: Label, *, into: Label, by: User, now: datetime) -> int:
    """Every case of `label` bears `into` instead, and `label` is gone; says how many got it.

    Raises NotPossible for a label and itself.
    """
    _refuse_unless_manager(by, label.workspace)
    if label.pk == into.pk or label.workspace_id != into.workspace_id:
        raise NotPossible(_("Choose another label to merge into."))
    with transaction.atomic():
        pair = Label.objects.select_for_update().filter(pk__in=[label.pk, into.pk]).order_by("pk")
        if len(pair) < 2:
            raise NotPossible(_("Somebody else merged one of these labels in the meantime."))
        _touch_cases(label, now=now)
        has_both = CaseLabel.objects.filter(label=into).values("case")
        moved = CaseLabel.objects.filter(label=label).exclude(case__in=has_both).update(label=into)
        _log(label, "label.merge", by=by, now=now, into=into.pk, name=into.name, cases=moved)
        Label.objects.filter(pk=label.pk).delete()
    return moved


def label_counts_visible_to(user: User, *, workspace: Workspace) -> dict[int, tuple[int, int]]:
    """How many cases that this person may see bear each label: open ones, and all."""
    marks = CaseLabel.objects.filter(seen_by(user, workspace=workspace, over="case"))
    every = dict(marks.values_list("label").annotate(Count("pk")).order_by())
    still = marks.filter(case__status__in=OPEN_STATUSES)
    open_ones = dict(still.values_list("label").annotate(Count("pk")).order_by())
    return {label: (open_ones.get(label, 0), count) for label, count in every.items()}


def _touch_cases(label: Label, *, now: datetime) -> None:
    """Let open pages notice; closed cases are left where they stand in the list."""
    Case.objects.filter(
        pk__in=CaseLabel.objects.filter(label=label).values("case"), status__in=OPEN_STATUSES
    ).update(changed_at=now)


def _refuse_unless_manager(by: User, workspace: Workspace) -> None:
    refuse_unless(may_manage_labels(by, workspace), _("change labels"))


def _log(label: Label, action: str, *, by: User, now: datetime, **data: object) -> None:
    log_action(
        action,
        workspace_id=label.workspace_id,
        actor=actor_of(by),
        subject=label_subject(label),
        now=now,
        data=data,
    )
