"""What a decision rests on, of all that stands around the words: the thread, the order, the author's name.

Each answers by the names of DecisionInput and leaves out what nobody knows.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from amends.cases.alike_names import passes_for
from amends.cases.family import family_of
from amends.cases.find_fight import MIN_TURNS, read_exchange, speaks_of_matter
from amends.cases.models import Case, Lane, Triage
from amends.cases.our_word import spoken_since
from amends.cases.root_causes import Cause
from amends.cases.triage import words_to_judge
from amends.cases.watch_thread import fight_of, read_turns
from amends.core.playbook.terms import OrderState, Topic
from amends.inbox.models import ChannelAccount, Comment, OrderLink

TOPICS = MappingProxyType(
    {
        Cause.LATE.value: Topic.DELIVERY_LATE,
        Cause.LOST.value: Topic.DELIVERY_LOST,
        Cause.DAMAGED.value: Topic.DAMAGED,
        Cause.WRONG_ITEM.value: Topic.WRONG_ITEM,
        Cause.DEFECT.value: Topic.QUALITY,
        Cause.STAFF.value: Topic.SERVICE,
        Cause.UNREACHABLE.value: Topic.SERVICE,
    }
)
"""Only causes that leave no doubt: a "price" may be that of a bill or an offer, a refund late or refused."""


def matter_facts(triage: Triage | None) -> dict[str, Any]:
    """The topic, and whether data leaked, by the root cause that a person named."""
    cause = triage.root_cause if triage is not None else ""
    found: dict[str, Any] = {"data_breach": True} if cause == Cause.DATA_LEAK else {}
    if cause in TOPICS:
        found["topic"] = TOPICS[cause]
    return found


def order_facts(case: Case) -> dict[str, Any]:
    """Where the order stands, as our own system told; several orders tell only if they stand alike."""
    rows = OrderLink.objects.filter(comment__case_item__case__in=family_of(case))
    states = set(rows.values_list("state", flat=True))
    return (
        {"order_state": OrderState(states.pop())} if len(states) == 1 and "" not in states else {}
    )


def thread_facts(case: Case) -> dict[str, Any]:
    """The exchange that the author takes part in (K38), and whether our one note stands.

    After our note only what was written later counts: so the playbook hears that a fight goes on. A fight is
    told to one case of the thread, and none that is restricted hears of others. Words that speak of the
    matter have not drifted, whatever is fought about beside them: no complaint goes under in a fight.
    """
    if case.lane != Lane.OPEN:
        return {}
    fight = fight_of(case)
    noted = spoken_since(fight.case, since=fight.found_at) if fight is not None else None
    facts: dict[str, Any] = {} if fight is None else {"moderator_noted": noted is not None}
    if fight is not None and fight.case_id != case.pk:
        return facts
    theirs = Comment.objects.filter(thread=case.thread_id, is_ours=False)
    if theirs.count() < MIN_TURNS:
        return facts
    turns, matter = read_turns(case, after=noted)
    exchange = read_exchange(turns, matter=matter)
    if str(case.author_id) not in exchange.speakers:
        return facts
    facts |= {"thread_authors": len(exchange.speakers), "thread_turns": exchange.turns}
    if exchange.is_long:
        words = words_to_judge(case)
        is_on_matter = words is not None and speaks_of_matter(words.text, matter=matter)
        facts["topic_drift"] = exchange.has_left_the_matter and not is_on_matter
        facts["thread_heated"] = exchange.is_angry
    return facts


def name_facts(case: Case, *, triage: Triage | None) -> dict[str, Any]:
    """Whether the author's name would pass for ours; a signal, so never more than that.

    Who complains is heard as one who complains: once a person says so, a name tells nothing.
    """
    if triage is not None and triage.is_complaint:
        return {}
    author = case.author
    accounts = list(
        ChannelAccount.objects.filter(workspace=case.workspace_id).exclude(external_id="")
    )
    if any(
        (one.kind, one.host, one.external_id) == (author.kind, author.host, author.external_id)
        for one in accounts
    ):
        return {}
    ours = {case.brand.name}
    for one in accounts:
        if one.brand_id == case.brand_id:
            ours |= {one.handle, one.handle.partition(".")[0]}
    names = (author.display_name, author.handle, author.handle.lstrip("@").partition(".")[0])
    return {"impersonates_us": True} if any(passes_for(one, ours=ours) for one in names) else {}
