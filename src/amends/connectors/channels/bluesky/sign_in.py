"""Calls to the account's server with a session that renews itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.http import HttpAnswer, HttpCall, HttpClient, explain_status, reading
from amends.connectors.kit.protocol import ChannelContext

_STALE = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
_NOT_THERE = frozenset({"NotFound", "RecordNotFound"})
_CLOSED = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended"})


class XrpcRefusedError(ChannelError):
    """A refusal with the name that the protocol gives it, for the few callers that act on it."""

    def __init__(self, message: str, *, name: str, code: str) -> None:
        super().__init__(message, permanent=True, code=code)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tokens:
    """What the server gave, and for which settings, so that changed settings sign in anew."""

    did: str
    access: str
    refresh: str
    belongs_to: str


class Session:
    """Signs in when it must: with kept tokens, else with a renewed pair, else with the password."""

    def __init__(self, context: ChannelContext) -> None:
        settings = context.settings
        service = (settings.get("service") or "https://bsky.social").strip().rstrip("/")
        self.service = service if "://" in service else f"https://{service}"
        self._handle = settings.get("handle", "").strip().lstrip("@")
        self._password = settings.get("app_password", "").strip()
        self._clock = context.clock
        self.http = HttpClient(context.guard, clock=context.clock)
        whose = "\n".join((self.service, self._handle, self._password))
        self._belongs_to = hashlib.sha256(whose.encode()).hexdigest()[:16]
        self._tokens = self._read_kept(context.session)

    @property
    def did(self) -> str:
        """The account's permanent name; signs in where that has not happened yet."""
        return (self._tokens or self._sign_in()).did

    def export(self) -> str:
        """The tokens as an opaque string; empty before the first sign-in."""
        return "" if self._tokens is None else json.dumps(asdict(self._tokens))

    def query(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Read something; XrpcRefusedError or another ChannelError where that fails."""
        call = HttpCall(method="GET", url=self._url(method), params=params)
        return self._ask(call).json_object()

    def procedure(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change something; a lost answer is a ChannelError with `maybe_done`."""
        call = HttpCall(method="POST", url=self._url(method), json_body=dict(body), is_write=True)
        answer = self._ask(call)
        return answer.json_object() if answer.body else {}

    def _ask(self, call: HttpCall) -> HttpAnswer:
        tokens = self._tokens or self._sign_in()
        answer = self.http.send(_with_token(call, token=tokens.access))
        if _is_stale(answer):
            tokens = self._renew(tokens)
            answer = self.http.send(_with_token(call, token=tokens.access))
        if not answer.is_success:
            raise self._explain(answer)
        return answer

    def _renew(self, tokens: _Tokens) -> _Tokens:
        """Trade the refresh token; a refused one means to sign in again, trouble means to wait."""
        self._tokens = None
        call = HttpCall(method="POST", url=self._url("com.atproto.server.refreshSession"))
        answer = self.http.send(_with_token(call, token=tokens.refresh))
        if answer.is_success:
            return self._keep(answer)
        if answer.status == 429 or answer.status >= 500:
            self._tokens = tokens
            raise self._explain(answer)
        return self._sign_in()

    def _sign_in(self) -> _Tokens:
        if not self._handle or not self._password:
            raise ChannelError(
                "The Bluesky account has no handle or no app password: enter both in its settings.",
                permanent=True,
                code="credentials",
            )
        answer = self.http.send(
            HttpCall(
                method="POST",
                url=self._url("com.atproto.server.createSession"),
                json_body={"identifier": self._handle, "password": self._password},
            )
        )
        if answer.status in (400, 401, 403):
            raise ChannelError(
                f"{answer.call.host} does not let {self._handle} in ({_name_of(answer)}): check "
                "the handle, or make a new app password and enter it.",
                permanent=True,
                code="credentials",
            )
        if not answer.is_success:
            raise self._explain(answer)
        return self._keep(answer)

    def _keep(self, answer: HttpAnswer) -> _Tokens:
        given = answer.json_object()
        with reading(answer):
            self._tokens = _Tokens(
                did=str(given["did"]),
                access=str(given["accessJwt"]),
                refresh=str(given["refreshJwt"]),
                belongs_to=self._belongs_to,
            )
        return self._tokens

    def _read_kept(self, kept: str) -> _Tokens | None:
        try:
            tokens = _Tokens(**json.loads(kept or "null"))
        except (ValueError, TypeError):
            return None
        return tokens if tokens.belongs_to == self._belongs_to else None

    def _explain(self, answer: HttpAnswer) -> ChannelError:
        name = _name_of(answer)
        explained = explain_status(answer, now=self._clock.now())
        if answer.status not in (400, 401, 403, 404):
            return explained
        code = explained.code
        if name in _NOT_THERE or (name == "InvalidRequest" and "not found" in str(explained)):
            code = "not_found"
        elif name in _STALE or name in _CLOSED:
            code = "credentials"
        return XrpcRefusedError(str(explained), name=name, code=code)

    def _url(self, method: str) -> str:
        return f"{self.service}/xrpc/{method}"


def _with_token(call: HttpCall, *, token: str) -> HttpCall:
    return HttpCall(
        method=call.method,
        url=call.url,
        params=call.params,
        headers={"Authorization": f"Bearer {token}"},
        json_body=call.json_body,
        is_write=call.is_write,
    )


def _is_stale(answer: HttpAnswer) -> bool:
    return answer.status == 401 or (answer.status == 400 and _name_of(answer) in _STALE)


def _name_of(answer: HttpAnswer) -> str:
    """The error's name in the protocol; the status where the answer names none."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        value = None
    name = value.get("error") if isinstance(value, dict) else None
    return name if isinstance(name, str) else str(answer.status)
