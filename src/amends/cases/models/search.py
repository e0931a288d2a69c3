"""Which cases can be found by their words; the words themselves lie in the index of the database."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import Case


class SearchDocument(models.Model):
    """That the words of a case are in the search index, as they stood when the case had changed last.

    On PostgreSQL the table has one column more (`words`, a tsvector); on SQLite the words lie in the table
    `cases_searchwords` (FTS5). Only `search_index.py` and `search_cases.py` know of either.
    """

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "changed_at"], name="search_by_change"),
            models.Index(fields=["workspace", "case"], name="search_by_case"),
        ]

    def __str__(self) -> str:
        return f"words of {self.case_id}"
