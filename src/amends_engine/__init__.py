"""Understanding of customer comments as a plain library: text in, judgements with reasons out."""

from __future__ import annotations

ENGINE_VERSION = "0.1.0"
