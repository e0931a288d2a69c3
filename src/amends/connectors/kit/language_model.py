"""Asks a language model by the protocol that most servers speak (OpenAI's chat completions).

It is no channel: nothing comes in by it, and nothing is published by it. It goes through the guard like
everything that leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.http import HttpCall, HttpClient, bad_answer, reading
from amends.connectors.kit.transport import Bounds
from amends.core.clock import Clock

BOUNDS = Bounds(read_seconds=90.0, total_seconds=120.0, max_bytes=500_000, max_redirects=0)
LONGEST_ANSWER = 8_000  # characters that are kept
TOKENS = 800
TEMPERATURE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model listens: `url` up to and without `/chat/completions`, the model's name, its key."""

    url: str
    model: str
    key: str = ""


class LanguageModel:
    """One endpoint behind the guard."""

    def __init__(self, endpoint: Endpoint, *, guard: OutboundGuard, clock: Clock) -> None:
        self._endpoint = endpoint
        self._client = HttpClient(guard, clock=clock, bounds=BOUNDS)

    def complete(self, messages: Sequence[Mapping[str, str]]) -> str:
        """The text of the first answer; raises ChannelError when there is none."""
        answer = self._client.ask(
            HttpCall(
                method="POST",
                url=self._endpoint.url.rstrip("/") + "/chat/completions",
                headers=self._headers(),
                json_body={
                    "model": self._endpoint.model,
                    "messages": [dict(one) for one in messages],
                    "temperature": TEMPERATURE,
                    "max_tokens": TOKENS,
                    "stream": False,
                },
            )
        )
        with reading(answer):
            text = answer.json_object()["choices"][0]["message"]["content"]
        if not isinstance(text, str) or not text.strip():
            raise bad_answer(answer, why="it holds no text")
        return text.strip()[:LONGEST_ANSWER]

    def _headers(self) -> Mapping[str, str]:
        if not self._endpoint.key:
            return MappingProxyType({})
        return MappingProxyType({"Authorization": f"Bearer {self._endpoint.key}"})
