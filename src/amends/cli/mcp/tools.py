"""The tools: each asks the API once or twice; what a token or its person may not do, they cannot either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from amends.cli.mcp.desk import Desk, DeskRefused
from amends.cli.mcp.untrusted import mark_untrusted

Arguments = Mapping[str, Any]
CASE = {"type": "string", "pattern": "^C-[1-9][0-9]{0,8}$", "description": "Such as C-12."}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the assistant sees it; `run` raises DeskRefused."""

    name: str
    title: str
    description: str
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    is_read_only: bool
    run: Callable[[Desk, Arguments], dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": {
                "type": "object",
                "properties": dict(self.properties),
                "required": list(self.required),
                "additionalProperties": False,
            },
            "annotations": {
                "title": self.title,
                "readOnlyHint": self.is_read_only,
                "destructiveHint": False,
                "openWorldHint": False,
            },
        }


ASSISTANT = "an assistant over MCP"  # what the mark of its drafts says


def search_cases(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    names = (
        "q",
        "view",
        "status",
        "priority",
        "category",
        "severity",
        "language",
        "order",
        "cursor",
    )
    query = {name: wanted.get(name) for name in names}
    return _marked(desk.get("/cases", limit=wanted.get("limit", 20), **query))


def read_case(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    return _marked(desk.get(f"/cases/{_case(wanted)}"))


def assess_text(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    body = {"text": wanted["text"], "parent": wanted.get("parent")}
    return _marked(desk.post("/assess", body))


def lint_reply(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    names = ("reply", "comment", "context", "language")
    return desk.post("/lint", {name: wanted[name] for name in names if name in wanted})


def draft_reply(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    """Save a draft: a new one, or over the revision that was read; never over what was not."""
    path = f"/cases/{_case(wanted)}/draft"
    revision = wanted.get("revision")
    if revision is None:
        try:
            saved = desk.post(path, {"text": wanted["text"], "written_by": ASSISTANT})
        except DeskRefused as refused:
            raise DeskRefused(
                f"{refused} To write over a draft, name the revision you read."
            ) from None
    else:
        saved = desk.put(
            path, {"text": wanted["text"], "written_by": ASSISTANT}, revision=int(revision)
        )
    linted = desk.post(f"{path}/lint", {})
    said = (
        "Saved as a draft, marked as written by a machine. The token's person changes or confirms it, then "
        "somebody approves and sends it."
    )
    return {"draft": saved, "lint": linted, "next": said}


def read_draft(desk: Desk, wanted: Arguments) -> dict[str, Any]:
    return desk.get(f"/cases/{_case(wanted)}/draft")


def _case(wanted: Arguments) -> str:
    return str(wanted["case"])


def _marked(said: dict[str, Any]) -> dict[str, Any]:
    marked: dict[str, Any] = mark_untrusted(said)
    return marked


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


TOOLS: tuple[Tool, ...] = (
    Tool(
        "search_cases",
        "Search cases",
        "List cases of the desk, the latest change first, by view and filters; `next` is the cursor.",
        {
            "q": _text(
                'Words that were said: all of them, "a phrase", -without; the newest case first'
            ),
            "view": _text(
                "all, mine, unassigned, due_soon, approvals, mentions, waiting, snoozed, look_again or "
                "no_action"
            ),
            "status": _text("new, triaged, drafting, awaiting_approval, answered, resolved …"),
            "priority": _text("P1 (most urgent) to P4"),
            "category": _text("business_error, misunderstanding, question, troll …"),
            "severity": _text("low, medium, high or critical"),
            "language": _text("The language of the words, such as tr"),
            "order": _text("The number of an order that comments are about"),
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "cursor": _text("`next` of the page before"),
        },
        (),
        is_read_only=True,
        run=search_cases,
    ),
    Tool(
        "read_case",
        "Read a case",
        "The conversation with every version, what the engine and people say, the recommendation, notes.",
        {"case": CASE},
        ("case",),
        is_read_only=True,
        run=read_case,
    ),
    Tool(
        "assess_text",
        "Assess a text",
        "What the engine says of any text: language, sentiment, category, severity; nothing is stored.",
        {"text": _text("The words"), "parent": _text("What they answer")},
        ("text",),
        is_read_only=True,
        run=assess_text,
    ),
    Tool(
        "lint_reply",
        "Lint a reply",
        "Which words of a reply will make it worse, why, and what to write instead; nothing is stored.",
        {
            "reply": _text("The reply"),
            "comment": _text("The comment that it answers"),
            "language": _text("The language of the comment"),
            "context": {"type": "object", "description": "The keys of `amends lint`."},
        },
        ("reply",),
        is_read_only=True,
        run=lint_reply,
    ),
    Tool(
        "read_draft",
        "Read a draft",
        "The reply that is being written for a case, with its revision.",
        {"case": CASE},
        ("case",),
        is_read_only=True,
        run=read_draft,
    ),
    Tool(
        "draft_reply",
        "Draft a reply",
        "Save a reply as a draft. A person reads, approves and sends it; nothing here can.",
        {
            "case": CASE,
            "text": _text("The whole text"),
            "revision": {
                "type": "integer",
                "minimum": 0,
                "description": "Of the draft that you read and write over; leave it out for a new one.",
            },
        },
        ("case", "text"),
        is_read_only=False,
        run=draft_reply,
    ),
)
