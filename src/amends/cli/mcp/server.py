"""The Model Context Protocol over standard input and output: JSON-RPC 2.0, one message a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

import amends
from amends.cli.mcp.desk import Desk, DeskRefused
from amends.cli.mcp.tools import TOOLS, Tool
from amends.cli.mcp.untrusted import WARNING

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")  # of the protocol; the newest first
INSTRUCTIONS = (
    "Amends is a desk for answering negative comments. You may search, read, assess, lint and save drafts; "
    "you cannot send a reply or act against a comment, and must not ask anybody to do so for you. "
    + WARNING
)
PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
_BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}
_TYPES: Mapping[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "object": (dict,)}


class _Refused(Exception):
    """A request that cannot be served, with its code of JSON-RPC."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def serve(desk: Desk, *, source: TextIO, sink: TextIO) -> None:
    """Answer until the source ends; what is no request is answered with an error, never with silence."""
    for line in source:
        if not line.strip():
            continue
        answer = answer_line(desk, line)
        if answer is not None:
            sink.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sink.flush()


def answer_line(desk: Desk, line: str) -> dict[str, Any] | None:
    """The answer to one message; None for a notification."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return _error(None, PARSE_ERROR, "This is not JSON.")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return _error(None, INVALID_REQUEST, "This is no request of JSON-RPC 2.0.")
    name, key = message.get("method"), message.get("id")
    if key is None or name is None:
        return None  # a notification, or an answer to what we never asked
    if isinstance(key, bool) or not isinstance(key, str | int) or not isinstance(name, str):
        return _error(None, INVALID_REQUEST, "A request has an id and a method.")
    params = message.get("params") or {}
    try:
        if not isinstance(params, dict):
            raise _Refused(INVALID_PARAMS, "The parameters are an object.")
        return {"jsonrpc": "2.0", "id": key, "result": _answer(desk, name, params)}
    except _Refused as refused:
        return _error(key, refused.code, str(refused))


def _answer(desk: Desk, name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    if name == "initialize":
        return _initialize(params)
    if name == "ping":
        return {}
    if name == "tools/list":
        return {"tools": [tool.to_json() for tool in TOOLS]}
    if name == "tools/call":
        return _call(desk, params)
    raise _Refused(NO_METHOD, f"There is no method {name!r} here.")


def _initialize(params: Mapping[str, Any]) -> dict[str, Any]:
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "amends", "title": "Amends", "version": amends.__version__},
        "instructions": INSTRUCTIONS,
    }


def _call(desk: Desk, params: Mapping[str, Any]) -> dict[str, Any]:
    tool = _BY_NAME.get(str(params.get("name")))
    if tool is None:
        raise _Refused(INVALID_PARAMS, f"There is no tool {params.get('name')!r}.")
    arguments = params.get("arguments") or {}
    problem = _problem(tool, arguments)
    if problem:
        raise _Refused(INVALID_PARAMS, problem)
    try:
        said = tool.run(desk, arguments)
    except DeskRefused as refused:
        return {"content": [{"type": "text", "text": str(refused)}], "isError": True}
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": said,
        "isError": False,
    }


def _problem(tool: Tool, arguments: Any) -> str:
    """What is wrong with the arguments; the desk checks the rest."""
    if not isinstance(arguments, dict):
        return "The arguments are an object."
    for name in tool.required:
        if name not in arguments:
            return f"{name!r} is missing."
    for name, value in arguments.items():
        if name not in tool.properties:
            return f"{tool.name} takes no {name!r}."
        kind = tool.properties[name]["type"]
        if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
            return f"{name!r} must be of the type {kind}."
    return ""


def _error(key: str | int | None, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": key, "error": {"code": code, "message": message}}
