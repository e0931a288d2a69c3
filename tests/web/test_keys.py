"""The keys: one list, drawn as the help sheet, and none that hides, deletes or sends."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amends.accounts.models import User
from amends.web.key_list import GROUPS

SignIn = Callable[[User], Client]
SCRIPT = Path(settings.PACKAGE_DIR) / "web" / "static" / "js" / "keys.js"
KEYS = [key for group in GROUPS for key in group.keys]
# What a key may do: move, select, put the focus somewhere, open what offers a choice. `reply` begins a draft.
HARMLESS = {"step", "pick", "focus", "reveal", "menu", "reply", "go", "help"}


def test_no_single_key_hides_deletes_or_sends() -> None:
    acts = set(re.findall(r"^  (\w+): \(", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE))
    assert acts == HARMLESS, "a new act must be looked at: can it change anything by itself?"
    assert {key.act for key in KEYS if key.act} <= HARMLESS
    clicks = re.findall(r"(\w+)\.click\(\)", SCRIPT.read_text(encoding="utf-8"))
    assert sorted(clicks) == ["begin", "next"], (
        "a key clicks a row and the button that begins a draft"
    )


def test_every_key_stands_once_and_no_key_is_the_beginning_of_another() -> None:
    typed = [key.typed for key in KEYS]
    assert len(set(typed)) == len(typed)
    assert not {one for one in typed if any(other.startswith(f"{one} ") for other in typed)}


def test_the_keys_that_people_know_from_elsewhere_are_there() -> None:
    typed = {key.typed for key in KEYS}
    assert set("jkrneasx/?") <= typed
    assert {"g m", "g u", "g a", "g d", "Ctrl+Enter"} <= typed


@pytest.mark.django_db
def test_the_sheet_says_where_the_keys_are_switched_off(agent: User, sign_in: SignIn) -> None:
    page = sign_in(agent).get("/inbox/all/").content.decode()
    for key in KEYS:
        assert (f'data-keys="{key.typed}"' in page) is bool(key.act)
    assert "Switch single keys off in your profile" in page
    User.objects.filter(pk=agent.pk).update(has_shortcuts=False)
    page = sign_in(agent).get("/inbox/all/").content.decode()
    assert "Switch single keys on in your profile" in page
    assert "data-shortcuts" not in page
