"""What a notice says, in the language that is active: a sentence for each kind, and nothing of a comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from amends.accounts.models import Notification, NotificationKind

K = NotificationKind


def notice_sentence(notification: Notification) -> str:
    """For the desk and for messengers; names the case by its public id and no person."""
    return _sentences(notification.subject_id, notification.facts).get(
        _shape(notification), _("Something waits for you in the desk.")
    )


def discreet_sentence() -> str:
    """For messengers where nothing may be said, not even the number of a case."""
    return _("Something waits for you in the desk.")


def _shape(notification: Notification) -> str:
    if notification.kind == K.APPROVAL:
        return f"approval.{notification.facts.get('what', 'asked')}"
    if notification.facts.get("what") == "review_hold":
        return "task.review_hold"
    if notification.kind == K.ASSIGNMENT and "what" in notification.facts:
        return f"assignment.{notification.facts['what']}"
    if notification.kind == K.MEASURE and notification.facts.get("what") == "repost":
        return "measure.repost"
    return str(notification.kind)


def _sentences(subject: str, facts: Mapping[str, Any]) -> dict[str, str]:
    about = {"id": subject}
    return {
        "mention": _("You are mentioned on %(id)s.") % about,
        "assignment": _("%(id)s is with you now.") % about,
        "assignment.taken": _("A colleague took over %(id)s.") % about,
        "assignment.private": _("Somebody wrote to you in private on %(id)s.") % about,
        "assignment.bounce": _("A private mail of ours on %(id)s did not arrive.") % about,
        "warning": _("A clock of %(id)s runs out.") % about,
        "breach": _("A clock of %(id)s has run out.") % about,
        "task": _("A task for %(id)s is due.") % about,
        "task.review_hold": _("The legal hold on %(id)s is to be looked at again.") % about,
        "measure": _("A measure or an appeal waits for you: %(id)s.") % about,
        "measure.repost": _("Perhaps words that you had removed came back: %(id)s.") % about,
        "connection": _("The webhook to %(id)s has failed for a day and is paused.") % about,
        "approval.asked": _("Your approval is wanted on %(id)s.") % about,
        "approval.late": _("An approval on %(id)s has waited too long: you may give it.") % about,
        "approval.approved": _("Your reply on %(id)s was approved.") % about,
        "approval.returned": _("Your reply on %(id)s was sent back.") % about,
    }
