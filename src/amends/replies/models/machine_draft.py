"""A draft that somebody asked a language model for, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.replies.models.reply import PERSON, Reply
from amends.work.models import WorkRow, work_index


class MachineDraftStatus(models.TextChoices):
    """Where it stands; the texts of a failure are in `problem`."""

    WAITING = "waiting", _("Waiting for the language model")
    DRAFTED = "drafted", _("Drafted by a machine")
    OVERTAKEN = "overtaken", _("Not used: somebody wrote in the meantime")
    REFUSED = "refused", _("Not used: it held what nobody gave it")
    FAILED = "failed", _("Failed")


class MachineDraft(WorkRow):
    """One wish for a draft; in the end its text is a revision of the reply and nowhere else.

    `asked_at_revision` is the reply's revision when somebody asked, `revision` the one that the machine's
    text became (None until then). While the reply stands at `revision` and nobody confirmed it, the text
    is the machine's and is not handed over.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="machine_drafts")
    status = models.CharField(
        max_length=9, choices=MachineDraftStatus.choices, default=MachineDraftStatus.WAITING
    )
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_at_revision = models.PositiveIntegerField()
    facts = models.JSONField(default=list)  # what may be said, as typed; emptied when it ends
    text = models.TextField(blank=True, default="")  # between two rounds; emptied when it ends
    revision = models.PositiveIntegerField(null=True)
    rounds = models.PositiveSmallIntegerField(default=0)  # answers of the model that were read
    hidden = models.PositiveSmallIntegerField(default=0)  # personal data that stayed here
    model = models.CharField(max_length=120, blank=True, default="")
    host = models.CharField(max_length=255, blank=True, default="")
    prompt = models.CharField(max_length=16, blank=True, default="")  # version of the instructions
    problem = models.CharField(
        max_length=24, blank=True, default=""
    )  # a stable word for what failed
    ended_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply"],
                condition=models.Q(status="waiting"),
                name="one_waiting_machine_draft_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=MachineDraftStatus.values),
                name="machine_draft_status_known",
            ),
        ]
        indexes = [work_index("machine_draft")]

    def __str__(self) -> str:
        return f"machine draft {self.pk}"

    def when_given_up(self) -> dict[str, object]:
        ended = {"status": MachineDraftStatus.FAILED, "problem": "unavailable"}
        return {**ended, "facts": [], "text": ""}  # kept for the way only
