"""What seals the secrets of a channel account: the same key file as for those of persons."""

from __future__ import annotations

from amends.accounts.credentials import KEY_FILE, SealBroken, seal, unseal

__all__ = ["KEY_FILE", "SealBroken", "seal", "unseal"]
