"""The address that the author of a case gave us in private, for who adds them to the contacts."""

from __future__ import annotations

from amends.cases.models import Case
from amends.replies.models import HandOver


def address_given(case: Case) -> str:
    """Empty where they gave none, or it was erased."""
    rows = HandOver.objects.filter(case=case, ended_at__isnull=True).exclude(reach=None)
    last = rows.select_related("reach").order_by("-pk").first()
    return last.address if last else ""
