"""A server on loopback that speaks the chat-completions protocol, and does what a test tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.servers.faults import Answer, FaultServer, Request

Speak = Callable[[list[dict[str, str]]], str]


class LanguageModelServer(FaultServer):
    """`speak` gets the messages of a call and returns what the model says."""

    def __init__(self, speak: Speak) -> None:
        super().__init__(self._answer)
        self.speak = speak

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What was asked, call by call."""
        return [one.json() for one in self.requests]

    @property
    def heard(self) -> str:
        """Everything that ever reached the server, as one text."""
        return "\n".join(one.body.decode() for one in self.requests)

    def _answer(self, request: Request) -> Answer:
        if request.path != "/v1/chat/completions":
            return Answer(status=404, body=b'{"error": "no such path"}')
        messages = json.loads(request.body)["messages"]
        return Answer.of(
            {"choices": [{"message": {"role": "assistant", "content": self.speak(messages)}}]}
        )


def obeys_strangers(messages: list[dict[str, str]]) -> str:
    """A model without any sense: it says what the customer's words tell it to say."""
    said = json.loads(messages[1]["content"])["comment"]
    return said.partition("SAY:")[2].strip() or said
