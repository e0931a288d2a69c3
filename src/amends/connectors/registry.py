"""Finds the channels: every module below `channels` that holds a MANIFEST and a Channel."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, cast

from amends.connectors import channels
from amends.connectors.kit.errors import ChannelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.connectors.kit.manifest import Manifest
    from amends.connectors.kit.protocol import Channel, ChannelContext


def manifests() -> Mapping[str, Manifest]:
    """Every channel's manifest by kind, in alphabetical order."""
    return MappingProxyType({kind: module.MANIFEST for kind, module in _modules().items()})


def manifest(kind: str) -> Manifest:
    """The manifest of one channel; ChannelError for a kind that is not installed."""
    found: Manifest = _module(kind).MANIFEST
    return found


def open_channel(kind: str, *, context: ChannelContext) -> Channel:
    """A channel ready to be asked; it contacts nobody before its first method is called."""
    return cast("Channel", _module(kind).Channel(context))


def _module(kind: str) -> ModuleType:
    module = _modules().get(kind)
    if module is None:
        known = ", ".join(_modules())
        raise ChannelError(
            f"There is no channel of the kind {kind!r}; installed are: {known}.",
            permanent=True,
            code="not_found",
        )
    return module


@functools.cache
def _modules() -> dict[str, ModuleType]:
    found: dict[str, ModuleType] = {}
    for entry in pkgutil.iter_modules(channels.__path__, f"{channels.__name__}."):
        module = importlib.import_module(entry.name)
        if hasattr(module, "MANIFEST"):
            found[module.MANIFEST.kind] = module
    return dict(sorted(found.items()))
