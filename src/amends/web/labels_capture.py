"""Words for how the desk came to know of a version: the method that its channel names."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REPORT = _("the channel’s own report")

CAPTURE_METHODS: MappingProxyType[str, str | Promise] = MappingProxyType(
    {
        "created": _REPORT,
        "edited": _REPORT,
        "deleted": _REPORT,
        "refetch": _("a second look at its address"),
        "api": _("a program of yours, over the API"),
        "the sandbox says who deleted it": _("the practice network says who deleted it"),
        "the sandbox no longer shows it": _("the practice network shows it no more"),
        "the author's account no longer exists (directory)": _("the author’s account is no more"),
        "the author's repository holds it, the network hides it": _(
            "the author’s repository holds it, the network hides it"
        ),
        "the author's repository proves that it is not there": _(
            "the author’s repository proves that it is not there"
        ),
        "getPosts shows it no more; its server was not reached": _(
            "the network shows it no more; the author’s server was not reached"
        ),
        "getPosts shows it no more; its server does not say why": _(
            "the network shows it no more; the author’s server does not say why"
        ),
    }
)
