"""Words for the codes of triage, the troll test, dispositions and lanes."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amends.inbox.models import LinkedOrderState

Table = MappingProxyType[str, str | Promise]

AUTHOR_TYPES: Table = MappingProxyType(
    {
        "customer_verified": _("customer, found in our records"),
        "customer_unverified": _("says to be a customer"),
        "bystander": _("bystander"),
        "competitor": _("competitor"),
        "journalist_influencer": _("journalist or influencer"),
        "authority": _("authority"),
        "minor_suspected": _("perhaps a minor"),
        "repeat_hostile": _("hostile again and again"),
    }
)
GOALS: Table = MappingProxyType(
    {"constructive": _("to have it put right"), "vindictive": _("to hurt us")}
)
SPEECH_LEVELS: Table = MappingProxyType(
    {
        "none": _("no complaint in words"),
        "no_reproach": _("tells, without reproach"),
        "disapproval": _("disapproves"),
        "accusation": _("accuses"),
        "blame": _("blames us by name"),
    }
)
FAULT_BASES: Table = MappingProxyType(
    {
        "order_data": _("order data"),
        "department_answer": _("answer of the department"),
        "admitted": _("admitted by us"),
        "other": _("something else"),
    }
)
FAULTS: Table = MappingProxyType(
    {
        "unknown": _("Not known yet"),
        "ours": _("Ours, wholly or in part"),
        "not_ours_can_help": _("Not ours, but we can help"),
        "not_ours_cannot": _("Not ours, and we cannot help"),
    }
)
ROOT_CAUSES: Table = MappingProxyType(
    {
        "late": _("delivery late"),
        "lost": _("parcel lost"),
        "damaged": _("arrived damaged"),
        "wrong_item": _("wrong item"),
        "defect": _("product defect"),
        "out_of_stock": _("sold, but not in stock"),
        "price": _("price or bill wrong"),
        "refund": _("refund or return"),
        "website": _("website or app"),
        "unreachable": _("nobody could be reached"),
        "staff": _("conduct of staff"),
        "unclear_words": _("our words were unclear"),
        "terms": _("our terms"),
        "partner": _("fault of a partner"),
        "expectation": _("expected something else"),
        "data_leak": _("personal data got out"),
    }
)
TOPICS: Table = MappingProxyType(  # those that a root cause names; others are shown as their codes
    {
        "delivery_late": _("delivery late"),
        "delivery_lost": _("parcel lost"),
        "damaged": _("arrived damaged"),
        "wrong_item": _("wrong item"),
        "quality": _("product defect"),
        "service": _("service"),
    }
)
ORDER_STATES: Table = MappingProxyType(
    {"none": pgettext_lazy("state of an order", "none"), **dict(LinkedOrderState.choices)}
)
THREAD_STATES: Table = MappingProxyType(
    {
        "fresh": _("fresh"),
        "answered_waiting": _("answered, waiting"),
        "clarifying": _("being clarified"),
        "private": _("gone on in private"),
        "fight": _("a fight among commenters"),
        "reopened": _("reopened"),
        "deleted_by_author": _("deleted by the author"),
        "edited": _("edited since the triage"),
    }
)
LANES: Table = MappingProxyType(
    {
        "open": _("Open: everybody here"),
        "employee": _("Employee: owner, leads and counsel"),
        "legal": _("Legal: owner, leads and counsel"),
        "threat": _("Threat: owner, leads and counsel"),
        "minor": _("Minor: owner, leads and counsel"),
    }
)
EXPERIENCES: Table = MappingProxyType(
    {
        "usable": _("A usable answer: it is a complaint"),
        "unusable": _("An answer that says nothing of an experience"),
        "none": _("No answer within a day"),
    }
)
