"""Decides by its content what a file is, and makes of a picture what a browser may be shown.

A picture is decoded and written anew: what does not decode is no picture, and what was hidden in it
(a place in EXIF, a script, a second format) does not come along.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000  # decoded: 160 MB; more is a bomb, not a photograph
VIEW_SIDE, THUMB_SIDE = 2000, 320
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")  # SVG and other text is never shown

_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)


class NoPicture(ValueError):
    """It cannot be shown; the message is a code."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: the picture and its thumbnail as WebP, and the size of the former in pixels."""

    view: bytes
    thumb: bytes
    width: int
    height: int


def sniff(body: bytes) -> str:
    """The media type by the first bytes; `application/octet-stream` for whatever else."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for sign, kind in _SIGNS if body.startswith(sign)), "application/octet-stream"
    )


def read_picture(body: bytes) -> Picture:
    """Decode and write anew; raises NoPicture ("too_large", "unreadable")."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise NoPicture("too_large")
                shown = ImageOps.exif_transpose(found).convert(
                    "RGBA" if "A" in found.getbands() or "transparency" in found.info else "RGB"
                )
    except NoPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NoPicture("too_large") from error
    except (
        *(UnidentifiedImageError, OSError, SyntaxError),
        *(ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError),
    ) as error:
        raise NoPicture("unreadable") from error
    shown.info = {}
    shown.thumbnail((VIEW_SIDE, VIEW_SIDE))
    view, (width, height) = _webp(shown), shown.size
    shown.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return Picture(view, _webp(shown), width, height)


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()
