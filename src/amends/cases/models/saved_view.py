"""Lists that people come back to."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON


class SavedView(models.Model):
    """A view with its filters under a name; a shared one stands in everybody's inbox.

    `query` is what stands in the address: the view, the filters, the order.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.TextField()
    is_shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "position"], name="saved_views_in_order")]

    def __str__(self) -> str:
        return self.name
