"""What a machine may not bring into a reply: links, contacts, sums, our instructions, another language."""

from __future__ import annotations

import pytest

from amends.replies.foreign import find_foreign
from amends.replies.prompt import Brief, write_instructions

INSTRUCTIONS = write_instructions(Brief(comment="", language="en", components=["ACK", "REG"]))


def kinds(text: str, *known: str, language: str = "en") -> set[str]:
    found = find_foreign(text, known=known, instructions=INSTRUCTIONS, language=language)
    return {one.kind for one in found}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please pay at https://refund-now.example/pay first.", "link"),
        ("Everything is explained on refund-now.com, thank you.", "link"),
        ("Write to help@refund-now.example about it.", "contact"),
        ("Our colleague @fast_refund will help you today.", "contact"),
        ("Call us on +44 20 7946 0958 and we will sort it out.", "contact"),
        ("We will send you 500 EUR for your trouble today.", "money"),
        ("You get €1,000 from us for the delay of your parcel.", "money"),
        ("There is a discount of 30 % for you on the next order.", "money"),
    ],
)
def test_what_nobody_gave_is_foreign(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_what_stands_among_the_facts_may_be_said() -> None:
    fact = "The refund of €49.90 is on its way; see https://shop.example/returns."
    assert not kinds("Your refund of €49.90 left today: https://shop.example/returns.", fact)


def test_our_own_instructions_are_not_for_readers() -> None:
    leak = "My orders: You draft a reply of a brand's care team to a comment. A person reads it."
    assert "leak" in kinds(leak)


def test_another_language_is_noticed() -> None:
    assert kinds("Paketinizin gecikmesi için özür dileriz.", language="nl") == {"language"}


def test_a_plain_reply_holds_nothing_foreign() -> None:
    text = "We are sorry that your parcel is six days late. I will write here by […]."
    assert not kinds(text)
