"""The name under which a brand has its public pages: `lumbara-3`, the same for ever.

A slug is unique within a workspace only, and the workspace's own name is nobody's business (an agency speaks
for many brands), so the brand's number stands behind it.
"""

from __future__ import annotations

from amends.accounts.models import Brand

PATTERN = r"[-a-zA-Z0-9_]{1,60}-[0-9]{1,12}"


def public_key(brand: Brand) -> str:
    return f"{brand.slug}-{brand.pk}"


def brand_by_key(key: str) -> Brand | None:
    """The brand of a public address, None where there is none."""
    slug, _dash, number = key.rpartition("-")
    if not number.isascii() or not number.isdecimal():
        return None
    return Brand.objects.select_related("workspace").filter(pk=int(number), slug=slug).first()
