"""Words for the views, the orders and the filters of the inbox."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

VIEWS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "mine": pgettext_lazy("view", "Mine"),
        "unassigned": pgettext_lazy("view", "Unassigned"),
        "due_soon": pgettext_lazy("view", "Due soon"),
        "approvals": pgettext_lazy("view", "Approvals"),
        "mentions": pgettext_lazy("view", "Mentions"),
        "waiting": pgettext_lazy("view", "Waiting for customer"),
        "snoozed": pgettext_lazy("view", "Snoozed"),
        "look_again": _("Look again"),
        "no_action": pgettext_lazy("view", "No action"),
        "all": pgettext_lazy("view", "All"),
    }
)
ORDERS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "due": pgettext_lazy("order", "Due first"),
        "newest": pgettext_lazy("order", "Newest first"),
        "oldest": pgettext_lazy("order", "Oldest first"),
        "severity": pgettext_lazy("order", "Gravest first"),
        "changed": pgettext_lazy("order", "Changed last first"),
    }
)
FILTERS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "channel": pgettext_lazy("filter", "Channel"),
        "label": pgettext_lazy("filter", "Label"),
        "language": pgettext_lazy("filter", "Language"),
        "category": pgettext_lazy("filter", "Category"),
        "severity": pgettext_lazy("filter", "Severity"),
        "priority": pgettext_lazy("filter", "Priority"),
        "assignee": pgettext_lazy("filter", "With"),
        "status": pgettext_lazy("filter", "Status"),
        "since": pgettext_lazy("filter", "From"),
        "until": pgettext_lazy("filter", "Until"),
        "q": pgettext_lazy("filter", "Search"),
    }
)
