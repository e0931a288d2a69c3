"""Titles and sentences of the playbooks that we ship, marked for translation; a test compares them."""

from __future__ import annotations

from amends.core.text import gettext_noop

SHIPPED_TEXTS = (
    gettext_noop("Spam, scam or malware"),
    gettext_noop("Do not answer. Capture it first, then remove it and report it to the platform."),
    gettext_noop("Vague, ask first"),
    gettext_noop(
        "Acknowledge, then ask one or two precise questions; give no definitive answer yet."
    ),
    gettext_noop("Our mistake"),
    gettext_noop(
        "Acknowledge, say that you are sorry, own the mistake, then name the repair and when it "
        "comes."
    ),
    gettext_noop("Partly our mistake"),
    gettext_noop(
        "Own our part, however small, and say that you are sorry; state the rest neutrally, then "
        "repair."
    ),
    gettext_noop("Our fault is not known yet"),
    gettext_noop(
        "Say that you regret it and that you are checking, and when you will write again; admit "
        "nothing yet."
    ),
    gettext_noop("Not our mistake, but we can help"),
    gettext_noop("Show that you understand, explain what happened, and help anyway."),
    gettext_noop("A misunderstanding"),
    gettext_noop(
        "Put the fact right with its source and offer help; do not blame the author for the "
        "mistake."
    ),
    gettext_noop("Praise"),
    gettext_noop("Thank the author briefly and by name, without advertising anything."),
    gettext_noop("No rule fits"),
    gettext_noop(
        "Acknowledge, ask what you need to know, and decide yourself; no rule covers this comment."
    ),
)
