"""The longest rising subsequence, which tells what kept its order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest strictly rising subsequence (patience sorting, n log n)."""
    lowest_ends: list[int] = []  # by length: the lowest number that ends a rise of it
    end_places: list[int] = []
    before: list[int] = []  # by place: the place before it in its rise, -1 at the start
    for place, number in enumerate(numbers):
        length = bisect_left(lowest_ends, number)
        before.append(end_places[length - 1] if length else -1)
        if length == len(lowest_ends):
            lowest_ends.append(number)
            end_places.append(place)
        else:
            lowest_ends[length], end_places[length] = number, place
    rise: list[int] = []
    place = end_places[-1] if end_places else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise[::-1]
