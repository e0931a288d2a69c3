"""What a conversation shows as a whole: a fight among its authors, and who stands up for the brand."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.inbox.models import Comment, Thread
from amends.record.append_only import AppendOnly


class Fight(AppendOnly):
    """That the authors of a thread have left the matter and go at each other (K38); once for a thread.

    `case` is where the one moderator's note is written; nobody else in the thread is asked for one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="fight")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="fights")
    turns = models.PositiveIntegerField()
    authors = models.PositiveIntegerField()
    found_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "fight"

    def __str__(self) -> str:
        return f"fight in thread {self.thread_id}"


class Advocate(AppendOnly):
    """That a person saw a customer defend the brand in a comment, or took that back; the latest counts.

    For counting only (K39): nothing here reaches the author.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="advocate_marks")
    is_advocate = models.BooleanField()
    marked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = "advocate"

    def __str__(self) -> str:
        return f"advocate {self.is_advocate} for {self.comment_id}"
