"""What a page is asked for: the brand, and a moment from a date-and-time field."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from amends.accounts.models import Brand
from amends.inbox.queries import brands_visible_to
from amends.web.pages import DeskRequest


def asked_brand(request: DeskRequest) -> Brand:
    """The brand that is asked for, or the first one; 404 where there is none such."""
    brands = brands_visible_to(request.user, workspace=request.workspace)
    raw = request.POST.get("brand") or request.GET.get("brand") or ""
    if raw:
        is_number = raw.isascii() and raw.isdecimal() and len(raw) < 18
        brands = brands.filter(pk=int(raw) if is_number else 0)
    found = brands.select_related("workspace").first()
    if found is None:
        raise Http404(_("There is no such brand."))
    return found


def asked_moment(value: str) -> datetime | None:
    """What a date-and-time field gives, in the time zone of the reader; None for anything else."""
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    if moment is not None and timezone.is_naive(moment):
        return timezone.make_aware(moment)
    return moment
