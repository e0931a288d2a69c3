"""The living stream of the demonstration: every few seconds somebody speaks."""

from __future__ import annotations

from datetime import timedelta

from amends.pipeline.desk import Desk
from amends.pipeline.schedule import Job
from amends.sandbox.stream import publish_next


def publish(desk: Desk) -> None:
    """Let the next person of the script speak, edit or delete."""
    publish_next(desk.clock.now())


STREAM = Job("demo_stream", timedelta(seconds=15), publish)
