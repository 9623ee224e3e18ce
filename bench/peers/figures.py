"""Arithmetic of the bench side by side."""

from collections.abc import Sequence


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the value below which so many lie; 0 where there is none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def slope(few: tuple[float, float], many: tuple[float, float]) -> float:
    """Return what one more costs; each point is (how many, cost)."""
    return (many[1] - few[1]) / (many[0] - few[0])
