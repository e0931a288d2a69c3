"""A channel that carries everything out at once and writes down how things stood when it did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from amends.connectors.channels import sandbox
from amends.connectors.kit.events import (
    Identity,
    MeasureDone,
    MeasureTarget,
    OutboundReply,
    SentReply,
)
from amends.connectors.kit.grant import MeasureGrant, redeem
from amends.connectors.kit.manifest import Action, Manifest
from amends.connectors.kit.protocol import ChannelContext
from amends.inbox.queries import latest_version
from amends.measures.models import Confirmation, Measure
from amends.record.keep import is_unaltered
from amends.record.models import ActionLog

KIND = "recorder"
TIER_A = ("hate", "threat", "doxxing", "sexual", "illegal", "scam")
WITHOUT = {Action.REFETCH, Action.SEARCH, Action.CONTEXT, Action.POLL}


@dataclass(frozen=True)
class Effect:
    """What happened to somebody, and what stood in the tables in that moment."""

    action: Action
    measure: Measure
    is_logged: bool
    is_evidence_sound: bool
    is_criticism_confirmed: bool
    is_tier_a_seen: bool  # by the engine, whatever people say
    others: frozenset[int]  # who agreed and did not ask
    others_apart: frozenset[int]  # who besides said that the words are the matter
    was_warned: bool
    is_latest: bool


def manifest() -> Manifest:
    capabilities = {
        action: one
        for action, one in sandbox.MANIFEST.capabilities.items()
        if action not in WITHOUT
    }
    return replace(sandbox.MANIFEST, kind=KIND, capabilities=capabilities)


def module(effects: list[Effect]) -> SimpleNamespace:
    """The module of the channel, writing into `effects`."""

    class Channel:
        def __init__(self, context: ChannelContext) -> None:
            self._clock = context.clock

        def identify(self) -> Identity:
            return Identity("us", "us")

        def export_session(self) -> str:
            return ""

        def reply(self, reply: OutboundReply) -> SentReply:
            return SentReply(reply.idempotency_key, "")

        def find_reply(self, reply: OutboundReply) -> SentReply | None:
            return None

        def find_measure(self, action: Action, target: MeasureTarget) -> MeasureDone | None:
            return None

        def _do(self, grant: Any, action: Action) -> MeasureDone:
            redeem(grant, action=action, account=lambda: "us", now=self._clock.now())
            effects.append(_look(action, grant))
            return MeasureDone("r")

    for action in (Action.HIDE, Action.DELETE_OTHERS, Action.BLOCK, Action.BAN, Action.REPORT):
        method = lambda self, grant, action=action: self._do(grant, action)  # noqa: E731
        setattr(Channel, action.value, method)
    for action in (Action.UNHIDE, Action.RESTORE, Action.UNBLOCK, Action.UNBAN):
        setattr(Channel, action.value, lambda self, target: None)
    return SimpleNamespace(MANIFEST=manifest(), Channel=Channel)


def _look(action: Action, grant: MeasureGrant) -> Effect:
    measure = Measure.objects.select_related("version__content", "case").get(key=grant.key)
    triage = measure.case.triages.order_by("-confirmed_at", "-pk").first()
    agreed = Confirmation.objects.filter(measure=measure).exclude(by=measure.acted_by_id)
    content = measure.version.content
    latest = latest_version(measure.comment)
    return Effect(
        action=action,
        measure=measure,
        is_logged=ActionLog.objects.filter(
            action="measure.propose",
            data__measure=measure.pk,
            actor_id=str(measure.acted_by_id),
        ).exists(),
        is_evidence_sound=content is not None
        and is_unaltered(content) is True
        and is_unaltered(measure.evidence.content) is True,
        is_criticism_confirmed=triage is not None
        and (triage.is_complaint or triage.category == "business_error"),
        is_tier_a_seen=measure.version.verdicts.filter(
            assessment__policy_ground__label__in=TIER_A
        ).exists(),
        others=frozenset(agreed.values_list("by_id", flat=True)),
        others_apart=frozenset(agreed.filter(criticism_apart=True).values_list("by_id", flat=True)),
        was_warned=Measure.objects.filter(
            author=measure.author, kind="warn", statement__reply__status="sent"
        ).exists(),
        is_latest=latest is not None and latest.pk == measure.version_id,
    )
