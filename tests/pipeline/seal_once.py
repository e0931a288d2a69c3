"""Seals what the killed workers wrote, as the clock would have done."""

from __future__ import annotations

from amends.cli.start import start_django

if __name__ == "__main__":
    start_django()
    from amends.core.clock import SystemClock
    from amends.pipeline.schedule import seal_record

    while seal_record(SystemClock().now()) is not None:
        pass
