"""Puts labels on cases and takes them off; who manages labels makes a new one in passing."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_label, may_manage_labels, may_read, refuse_unless
from amends.cases.models import Case, CaseLabel, Label, LabelColour, fold_name
from amends.cases.transitions import NotPossible, log_on_case
from amends.record.log import Subject, log_action

MOST_ON_A_CASE = 20
MOST_IN_A_WORKSPACE = 500
MAX_NAME = 40


def labels_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Label]:
    """Every label of the workspace by name, retired ones as well; none for a stranger."""
    if not may_read(user, workspace):
        return Label.objects.none()
    return Label.objects.filter(workspace=workspace).order_by("key")


def labels_offered(workspace: Workspace) -> QuerySet[Label]:
    """What can be put on a case now."""
    return Label.objects.filter(workspace=workspace, retired_at__isnull=True).order_by("key")


def labels_on(case: Case) -> list[Label]:
    """What a case bears, by name."""
    return list(Label.objects.filter(marks__case=case).order_by("key"))


def make_label(
    workspace: Workspace, *, name: str, colour: str = LabelColour.GREY, by: User, now: datetime
) -> Label:
    """Raises NotAllowed, and NotPossible for a name that is none or taken, whatever its case."""
    refuse_unless(may_manage_labels(by, workspace), _("make labels"))
    name = check_name(name)
    if colour not in LabelColour.values:
        raise NotPossible(_("There is no such colour."))
    if Label.objects.filter(workspace=workspace).count() >= MOST_IN_A_WORKSPACE:
        raise NotPossible(
            _("There are %(count)d labels already: merge or retire some.")
            % {"count": MOST_IN_A_WORKSPACE}
        )
    try:
        with transaction.atomic():
            label = Label.objects.create(
                workspace=workspace, name=name, colour=colour, created_by=by, created_at=now
            )
            log_action(
                "label.make",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=label_subject(label),
                now=now,
                data={"name": name, "colour": colour},
            )
    except IntegrityError:
        raise NotPossible(_("There is a label of this name already.")) from None
    return label


def find_or_make_label(workspace: Workspace, *, name: str, by: User, now: datetime) -> Label:
    """The label that is called so, whatever its case; made for who may, refused for the others."""
    found = Label.objects.filter(workspace=workspace, key=fold_name(name)).first()
    if found is not None:
        return found
    if not may_manage_labels(by, workspace):
        raise NotPossible(
            _("There is no label “%(name)s”. An owner or lead can make one.")
            % {"name": name.strip()[:MAX_NAME]}
        )
    return make_label(workspace, name=name, by=by, now=now)


def put_label(case: Case, *, label: Label, by: User, now: datetime) -> bool:
    """False where the case bears it already. Raises NotAllowed, and NotPossible for a retired one."""
    refuse_unless(may_label(by, case.workspace), _("label cases"))
    if label.workspace_id != case.workspace_id:
        raise NotPossible(_("There is no such label."))
    with transaction.atomic():
        # Read anew and held: it may be retired or merged away in this very moment.
        current = Label.objects.select_for_update().filter(pk=label.pk).first()
        if current is None or current.retired_at is not None:
            raise NotPossible(_("The label “%(name)s” is retired.") % {"name": label})
        if CaseLabel.objects.filter(case=case).exclude(label=label).count() >= MOST_ON_A_CASE:
            raise NotPossible(
                _("A case bears at most %(count)d labels.") % {"count": MOST_ON_A_CASE}
            )
        _mark, is_new = CaseLabel.objects.get_or_create(
            case=case, label=label, defaults={"put_by": by, "put_at": now}
        )
        if is_new:
            about = {"label": label.pk, "name": label.name}
            log_on_case(case, "case.label", actor=actor_of(by), now=now, data=about)
    return is_new


def take_label(case: Case, *, label: Label, by: User, now: datetime) -> bool:
    """False where the case does not bear it (any more)."""
    refuse_unless(may_label(by, case.workspace), _("label cases"))
    with transaction.atomic():
        taken, _kinds = CaseLabel.objects.filter(case=case, label=label).delete()
        if taken:
            about = {"label": label.pk, "name": label.name}
            log_on_case(case, "case.unlabel", actor=actor_of(by), now=now, data=about)
    return bool(taken)


def check_name(name: str) -> str:
    """The name as it is kept; raises NotPossible for one that is none."""
    name = " ".join(name.split())
    if not fold_name(name):
        raise NotPossible(_("Give the label a name."))
    if len(name) > MAX_NAME:
        raise NotPossible(_("A label has at most %(count)d characters.") % {"count": MAX_NAME})
    return name


def label_subject(label: Label) -> Subject:
    """How the log names a label."""
    return Subject("label", str(label.pk), label.name)
