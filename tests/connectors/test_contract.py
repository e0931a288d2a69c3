"""What every channel must keep: its manifest, its methods, its page, its icon, its recorded answers."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from amends.connectors import registry
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import InboundEvent, OutboundReply, Poll
from amends.connectors.kit.grant import GUARDED
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.manifest import Action, Manifest, Mode
from amends.connectors.kit.protocol import Channel, ChannelContext
from amends.core.clock import ScriptedClock
from tests.servers.faults import Answer, FaultServer, Request

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
KINDS = tuple(registry.manifests())
METHODS = {action: action.value for action in Action}
UNDOES = {
    Action.HIDE: Action.UNHIDE,
    Action.DELETE_OTHERS: Action.RESTORE,
    Action.BLOCK: Action.UNBLOCK,
    Action.BAN: Action.UNBAN,
}
ASSISTED_ALONE = {Action.REPLY, Action.DELETE_OWN, *GUARDED, *UNDOES.values()}
RECORDED = sorted(FIXTURES.glob("*/*.json"))


@pytest.fixture(params=KINDS)
def manifest(request: pytest.FixtureRequest) -> Manifest:
    return registry.manifest(request.param)


def test_the_first_channels_are_there() -> None:
    assert set(KINDS) >= {"bluesky", "manual", "sandbox"}


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ChannelError, match="bluesky, file, mail, manual, sandbox"):
        registry.manifest("carrier-pigeon")


def test_each_claimed_capability_has_its_method_and_no_other_one_has(manifest: Manifest) -> None:
    channel = open_offline(manifest.kind)
    assert isinstance(channel, Channel)
    for action, method in METHODS.items():
        claimed = manifest.can(action, mode=Mode.API)
        assert callable(getattr(channel, method, None)) == claimed, f"{manifest.kind}.{method}"


def test_the_manifest_is_complete(manifest: Manifest) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", manifest.kind)
    assert manifest.label
    assert manifest.summary.endswith(".")
    assert all(capability.source for capability in manifest.capabilities.values())
    assert manifest.can(Action.REPLY)
    if manifest.can(Action.REPLY, mode=Mode.API):
        assert manifest.can(Action.FIND_REPLY, mode=Mode.API), "a lost answer must be looked up"
    else:
        assert manifest.can(Action.VERIFY_PUBLISHED), "assisted sending must be verified"
    names = [field.name for field in manifest.fields]
    assert len(names) == len(set(names))
    assert all(field.label for field in manifest.fields)
    for field in manifest.fields:
        is_secret = re.search(r"password|token|secret|key", field.name) is not None
        assert field.secret == is_secret, f"{manifest.kind}.{field.name}"
        assert not (field.secret and field.default)
    for action, capability in manifest.capabilities.items():
        assert capability.mode is not Mode.ASSISTED or action in ASSISTED_ALONE


def test_every_measure_says_whether_it_is_possible_and_how_it_is_undone(manifest: Manifest) -> None:
    """What a channel cannot do says which document says so."""
    for action in GUARDED:
        assert action in manifest.capabilities, f"{manifest.kind} is silent about {action}"
    for action, undoing in UNDOES.items():
        assert manifest.can(action) == manifest.can(undoing), f"{manifest.kind}.{undoing}"
    if any(manifest.can(action, mode=Mode.API) for action in GUARDED):
        assert manifest.can(Action.FIND_MEASURE, mode=Mode.API), "a lost answer must be looked up"


def test_labels_are_marked_for_translation(manifest: Manifest) -> None:
    source = source_of(manifest.kind)
    marked = re.sub(r'"\s+"', "", source)  # joins texts that are written over several lines
    for text in (manifest.label, manifest.summary, *texts_of_fields(manifest)):
        assert re.search(rf'gettext_noop\(\s*"{re.escape(text)}"\s*\)', marked), text


def test_the_icon_is_ours_and_small(manifest: Manifest) -> None:
    icon = ROOT / "src/amends/web/static/channels" / f"{manifest.icon}.svg"
    svg = icon.read_text()
    assert len(svg) < 2000
    assert "<script" not in svg
    assert "currentColor" in svg  # light and dark


def test_the_page_of_the_channel_names_what_it_can(manifest: Manifest) -> None:
    page = (ROOT / "docs/connectors" / f"{manifest.kind}.md").read_text()
    for action in manifest.capabilities:
        assert f"`{action}`" in page, action
    for field in manifest.fields:
        assert f"`{field.name}`" in page, field.name


def test_opening_a_channel_contacts_nobody(manifest: Manifest) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was asked for")

    open_offline(manifest.kind, guard=OutboundGuard(resolver=resolve))


def test_every_channel_has_recorded_answers(manifest: Manifest) -> None:
    assert list((FIXTURES / manifest.kind).glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_recorded_answers_are_read_as_they_were(path: Path, server: FaultServer) -> None:
    """A fixture names settings, the method and arguments, the answers of the server, what follows.

    `{server}` stands for the address of the server that replays; an answer is found by method and
    path, and used up in order where there are several; `sent` lists the writes that must be made.
    """
    fixture = json.loads(path.read_text().replace("{server}", server.url))
    server.script = replay(fixture.get("answers", []))
    context = ChannelContext(
        settings=fixture.get("settings", {}),
        guard=OutboundGuard(server.allowed),
        clock=ScriptedClock(datetime.fromisoformat(fixture["now"])),
    )
    channel = registry.open_channel(path.parent.name, context=context)
    arguments = [read_argument(argument) for argument in fixture.get("arguments", [])]
    try:
        result = as_json(getattr(channel, fixture["call"])(*arguments))
    except ChannelError as error:
        result = {"error": error.code, "permanent": error.permanent}
    assert_contains(result, fixture["expect"])
    for expected in fixture.get("sent", []):
        assert any(is_same_request(request, expected) for request in server.requests), expected


def open_offline(kind: str, *, guard: OutboundGuard | None = None) -> Channel:
    settings = {field.name: field.default or "x" for field in registry.manifest(kind).fields}
    clock = ScriptedClock(datetime.fromisoformat("2026-03-10T12:00:00+00:00"))
    context = ChannelContext(settings=settings, guard=guard or OutboundGuard(), clock=clock)
    return registry.open_channel(kind, context=context)


def texts_of_fields(manifest: Manifest) -> list[str]:
    return [text for field in manifest.fields for text in (field.label, field.help) if text]


def source_of(kind: str) -> str:
    channels = ROOT / "src/amends/connectors/channels"
    single = channels / f"{kind}.py"
    return (single if single.exists() else channels / kind / "__init__.py").read_text()


def replay(answers: list[dict[str, Any]]) -> Any:
    waiting = list(answers)

    def answer(request: Request) -> Answer:
        path = urlsplit(request.path).path
        fitting = [a for a in waiting if (a["method"], a["path"]) == (request.method, path)]
        assert fitting, f"nothing is recorded for {request.method} {request.path}"
        if len(fitting) > 1:
            waiting.remove(fitting[0])
        found = fitting[0]
        if "text" in found:
            headers = {"Content-Type": "text/html; charset=utf-8", **found.get("headers", {})}
            return Answer(
                status=found.get("status", 200), headers=headers, body=found["text"].encode()
            )
        return Answer.of(
            found.get("json", {}), status=found.get("status", 200), headers=found.get("headers")
        )

    return answer


def read_argument(argument: Any) -> Any:
    if isinstance(argument, dict) and "idempotency_key" in argument:
        created_at = datetime.fromisoformat(argument["created_at"])
        return OutboundReply(**{**argument, "created_at": created_at})
    return argument


def as_json(result: Any) -> Any:
    """A result in the shape in which fixtures write their expectation."""
    if isinstance(result, Poll):
        return {"events": as_json(result.events), "more": result.more}
    if isinstance(result, tuple | list):
        return [as_json(one) for one in result]
    if isinstance(result, InboundEvent) or hasattr(result, "__dataclass_fields__"):
        return {name: as_json(getattr(result, name)) for name in result.__dataclass_fields__}
    return result.isoformat() if isinstance(result, datetime) else result


def assert_contains(result: Any, expected: Any) -> None:
    """Every expected key has its value; lists have the same length."""
    if isinstance(expected, dict):
        assert isinstance(result, dict), result
        for key, value in expected.items():
            assert_contains(result[key], value)
    elif isinstance(expected, list):
        assert len(result) == len(expected), result
        for one, other in zip(result, expected, strict=True):
            assert_contains(one, other)
    else:
        assert result == expected


def is_same_request(request: Request, expected: dict[str, Any]) -> bool:
    if (request.method, urlsplit(request.path).path) != (expected["method"], expected["path"]):
        return False
    body = request.json() if request.body else {}
    return all(body.get(key) == value for key, value in expected.get("json", {}).items())
