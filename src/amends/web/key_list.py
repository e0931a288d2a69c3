"""Every key of the desk: the one list from which the help sheet is drawn and the keys take what they do.

`static/js/keys.js` reads the sheet itself, so a key that stands there works and one that works stands there.
No single key hides, deletes or sends: an act moves, opens, selects or puts the focus somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Key:
    """`keys` are pressed one after another; `act` names what keys.js does, with its `target`.

    Without an act it is a key that always works and is at home in another script.
    """

    keys: tuple[str, ...]
    words: Words
    act: str = ""
    target: str = ""

    @property
    def typed(self) -> str:
        return " ".join(self.keys)


@dataclass(frozen=True, slots=True)
class KeyGroup:
    title: Words
    keys: tuple[Key, ...]


GROUPS: tuple[KeyGroup, ...] = (
    KeyGroup(
        pgettext_lazy("keys", "In the list"),
        (
            Key(("j",), _("next case"), "step", "1"),
            Key(("k",), _("previous case"), "step", "-1"),
            Key(("Enter",), _("open the case")),
            Key(("x",), _("select the case, or not"), "pick"),
            Key(("X",), _("select all from the last one to here"), "pick", "range"),
            Key(("/",), _("search"), "focus", "#search"),
        ),
    ),
    KeyGroup(
        pgettext_lazy("keys", "In a case"),
        (
            Key(("t",), _("go to the triage; Enter confirms it"), "reveal", "#confirm-triage"),
            Key(("r",), _("go to the reply, or begin one"), "reply"),
            Key(("n",), _("write a note"), "focus", "#note"),
            Key(("a",), _("give it to somebody: choose whom"), "menu", "#assign-menu"),
            Key(("s",), _("snooze: choose until when"), "menu", "#snooze-menu"),
            Key(("l",), _("add a label"), "reveal", "#label-name"),
            Key(("m",), _("macros: choose one"), "menu", "#macro-menu"),
            Key(("e",), _("go to how it ends: close, or leave unanswered"), "menu", "#close"),
        ),
    ),
    KeyGroup(
        pgettext_lazy("keys", "Go to a view"),
        (
            Key(("g", "i"), _("all cases"), "go", "all"),
            Key(("g", "m"), _("mine"), "go", "mine"),
            Key(("g", "u"), _("unassigned"), "go", "unassigned"),
            Key(("g", "d"), _("due soon"), "go", "due_soon"),
            Key(("g", "a"), _("approvals"), "go", "approvals"),
            Key(("g", "n"), _("mentions"), "go", "mentions"),
            Key(("g", "w"), _("waiting for the customer"), "go", "waiting"),
            Key(("g", "s"), _("snoozed"), "go", "snoozed"),
        ),
    ),
    KeyGroup(
        pgettext_lazy("keys", "Always"),
        (
            Key(("Ctrl+Enter",), _("send off the form you are in: ask for approval, add the note")),
            Key(("Alt+1",), _("insert the first suggestion of the linter; 2 to 9 the others")),
            Key(("Esc",), _("leave a field, close a window")),
            Key(("?",), _("this list"), "help"),
        ),
    ),
)
