"""Whether a reply asks the author something that we have to wait for."""

from __future__ import annotations

from amends.cases.decide import latest_decision
from amends.core.playbook.terms import Component
from amends.replies.models import Reply

QUESTION_MARKS = ("?", "？", "؟")


def asks_the_customer(reply: Reply) -> bool:
    """The playbook recommended to ask, and the text does; a polite "may we help?" alone is no reason."""
    decision = latest_decision(reply.case)
    strategy = decision.decision.get("strategy", ()) if decision else ()
    return Component.ASK in strategy and any(mark in reply.text for mark in QUESTION_MARKS)
