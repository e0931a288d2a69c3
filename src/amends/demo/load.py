"""Read the content of the demonstration from its YAML files."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from amends.core.vocabulary import (
    LANGUAGES,
    Arousal,
    Category,
    Flag,
    PolicyGround,
    Sentiment,
    Severity,
)
from amends.demo.check import check_script
from amends.demo.offsets import parse_offset, parse_span
from amends.demo.script import (
    Answer,
    Attachment,
    Deletion,
    Edit,
    NoAction,
    Persona,
    Script,
    ScriptedPost,
    ScriptError,
    StreamItem,
    TeamMember,
    Truth,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# A complaint is a breached expectation; these categories hold one unless the content says not.
_COMPLAINING = {
    Category.BUSINESS_ERROR,
    Category.MISUNDERSTANDING,
    Category.VAGUE,
    Category.EMPLOYEE,
}


@cache
def load_script() -> Script:
    """Return the checked content; raises ScriptError where it is wrong."""
    people = _read("brand.yaml")
    script = Script(
        brand=_persona(people["brand"], is_brand=True),
        team=tuple(TeamMember(**member) for member in people["team"]),
        personas=tuple(_persona(person) for person in people["personas"]),
        posts=tuple(_post(item) for item in _read("posts.yaml")["posts"]),
        comments=tuple(
            _post(item | {"lang": lang})
            for lang in LANGUAGES
            for item in _read(f"comments.{lang}.yaml")["comments"]
        ),
        stream=tuple(_stream_item(item) for item in _read("stream.yaml")["stream"]),
    )
    check_script(script)
    return script


def parse_truth(given: Mapping[str, Any]) -> Truth:
    """Return the truth with its defaults: negative, medium, calm, no ground, no flags."""
    category = Category(given["category"])
    return Truth(
        category=category,
        sentiment=Sentiment(given.get("sentiment", Sentiment.NEGATIVE)),
        severity=Severity(given.get("severity", Severity.MEDIUM)),
        arousal=Arousal(given.get("arousal", Arousal.LOW)),
        is_complaint=bool(given.get("complaint", category in _COMPLAINING)),
        policy_ground=PolicyGround(given.get("ground", PolicyGround.NONE)),
        flags=tuple(Flag(flag) for flag in given.get("flags", ())),
        fault_share=given.get("fault"),
    )


def _read(name: str) -> dict[str, Any]:
    text = resources.files("amends.demo").joinpath("content", name).read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise ScriptError(f"{name}: expected a mapping at the top")
    return content


def _persona(given: Mapping[str, Any], *, is_brand: bool = False) -> Persona:
    return Persona(
        id=given["id"],
        name=given["name"],
        lang=given["lang"],
        followers=given["followers"],
        colour=given["colour"],
        bio=given["bio"],
        is_brand=is_brand,
    )


def _post(given: Mapping[str, Any]) -> ScriptedPost:
    try:
        return ScriptedPost(
            id=given["id"],
            author=given["by"],
            parent=given.get("to"),
            lang=given["lang"],
            at=parse_offset(given["at"]),
            text=given["text"],
            truth=parse_truth(given["truth"]) if "truth" in given else None,
            attachments=tuple(Attachment(**a) for a in given.get("attachments", ())),
            edits=tuple(_edit(edit) for edit in given.get("edits", ())),
            deletion=_with_span(Deletion, given.get("deleted")),
            answer=_with_span(Answer, given.get("answer")),
            no_action=_with_span(NoAction, given.get("no_action")),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise ScriptError(f"{given.get('id', given)}: {problem}") from problem


def _edit(given: Mapping[str, Any]) -> Edit:
    return Edit(
        after=parse_span(given["after"]),
        text=given["text"],
        truth=parse_truth(given["truth"]) if "truth" in given else None,
    )


def _with_span(shape: type[Any], given: Mapping[str, Any] | None) -> Any:
    if given is None:
        return None
    return shape(**{**given, "after": parse_span(given["after"])})


def _stream_item(given: Mapping[str, Any]) -> StreamItem:
    act = next((act for act in ("edit", "delete") if act in given), "post")
    return StreamItem(
        id=given["id"],
        act=act,
        author=given["by"],
        lang=given["lang"],
        text=given.get("text", ""),
        parent=given.get("to"),
        target=given.get(act),
    )
