"""What the e-commerce playbook says beyond the general one, marked for translation."""

from __future__ import annotations

from amends.core.text import gettext_noop

ECOMMERCE_TEXTS = (
    gettext_noop("The parcel is late or lost, and it is on us"),
    gettext_noop(
        "Own the delay without hiding behind the carrier, say where the parcel is or that a "
        "new one leaves today, and when it arrives."
    ),
    gettext_noop("The parcel is late or lost, and we do not know why yet"),
    gettext_noop(
        "Say which parcel you mean and that you regret the wait, ask the depot and the "
        "carrier, and write again by a time that you name."
    ),
    gettext_noop("The parcel is late, and it is not on us"),
    gettext_noop(
        "Explain in a sentence what holds it up, and follow the parcel for the buyer; do not "
        "send them to the carrier."
    ),
    gettext_noop("Damaged, wrong or incomplete"),
    gettext_noop(
        "Own it and let the buyer choose between a new one and the money back; ask for "
        "pictures and numbers only in private."
    ),
    gettext_noop("Not what the page promised"),
    gettext_noop(
        "Own that the thing or its description fell short, name the repair, exchange or "
        "refund, and have the page mended."
    ),
    gettext_noop("Says that it is a fake"),
    gettext_noop(
        "Take it seriously, stop the sale of the lot while it is examined, and say when the "
        "result comes; claim nothing before."
    ),
    gettext_noop("The money has not come back"),
    gettext_noop(
        "Own the delay, say on which day the money left or leaves us, and call it refunded "
        "only when it is."
    ),
    gettext_noop("The return or refund was refused, by rules that hold"),
    gettext_noop(
        "Check first that the law does not give the right anyway; then explain the rule in "
        "plain words, where it stands, and how to have it looked at again."
    ),
    gettext_noop("Charged twice or wrongly"),
    gettext_noop(
        "Own it, say that the money goes back today and when it arrives, and that nobody "
        "needs to pay again; no card data anywhere."
    ),
    gettext_noop("A wrong price was shown"),
    gettext_noop(
        "Own the error and tell everybody the same - whether the price is honoured or the "
        "order cancelled, and by when the money is back."
    ),
    gettext_noop("We cancelled the order"),
    gettext_noop(
        "Own that we sold what we did not have, say when the money is back, and offer what "
        "comes closest, in private."
    ),
    gettext_noop("A review on a shop or marketplace"),
    gettext_noop(
        "Answer it where it stands, for buyers after this one; never ask for another rating, "
        "and never have a real review removed."
    ),
    gettext_noop("Says that we removed a review"),
    gettext_noop(
        "Look into the log for what was removed, by whom and by which rule; put back what "
        "should not have gone, and say so."
    ),
    gettext_noop("The product may harm people"),
    gettext_noop(
        "Say first that it must not be used any more and what to do now; call the person, "
        "have the lot examined, and give no cause yet."
    ),
    gettext_noop("Where is my order"),
    gettext_noop(
        "Look it up before you write; say in private where the order is and when it comes, "
        "and in public that you did."
    ),
    gettext_noop("A seller on our marketplace did it, and we can help"),
    gettext_noop(
        "Do not send the buyer away to the seller; say what you take up with the seller, and "
        "when the buyer hears from you."
    ),
)
