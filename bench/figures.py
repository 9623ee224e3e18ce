"""A figure of the bench: several repetitions, their median and their range, and the aim."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    unit: str
    samples: Sequence[float]
    aim: float | None = None  # at most

    @property
    def median(self) -> float:
        """Return the middle one."""
        return median(self.samples)

    @property
    def verdict(self) -> str:
        """Return whether the aim is met."""
        if self.aim is None:
            return ""
        return "met" if self.median <= self.aim else "NOT MET"

    def __str__(self) -> str:
        """Return the line as a person reads it."""
        aim = "" if self.aim is None else f"{self.aim:g}"
        span = f"{_short(min(self.samples))}..{_short(max(self.samples))}"
        return (
            f"{self.name:<62} {_short(self.median):>8} {self.unit:<4} "
            f"{span:>16}  n={len(self.samples)}  {aim:>6}  {self.verdict}"
        ).rstrip()


HEADING = f"{'figure':<62} {'median':>8} {'':<4} {'min..max':>16}  {'':<3}  {'aim':>6}"


def ratio(name: str, of: Figure, to: Figure) -> Figure:
    """Return how many times the one the other is, by their medians."""
    return Figure(name, "x", [of.median / to.median])


def _short(value: float) -> str:
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:.{digits}f}"
