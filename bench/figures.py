"""A figure of the bench: several repetitions, their median and their range, and the aim."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table, or one cell where several contestants stand side by side."""

    name: str
    unit: str
    samples: Sequence[float]
    aim: float | None = None  # at most
    who: str = ""  # of the contestants

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

    @property
    def span(self) -> str:
        """Return the smallest and the largest."""
        return f"{short(min(self.samples))}..{short(max(self.samples))}"

    def said(self) -> dict[str, Any]:
        """Return it as it is kept; five digits are more than it is worth."""
        return {**asdict(self), "samples": [float(f"{value:.5g}") for value in self.samples]}

    def __str__(self) -> str:
        """Return the line as a person reads it."""
        aim = "" if self.aim is None else f"{self.aim:g}"
        name = f"{self.name}: {self.who}" if self.who else self.name
        return (
            f"{name:<66} {short(self.median):>8} {self.unit:<6} "
            f"{self.span:>16}  n={len(self.samples)}  {aim:>6}  {self.verdict}"
        ).rstrip()


HEADING = f"{'figure':<66} {'median':>8} {'':<6} {'min..max':>16}  {'':<3}  {'aim':>6}"


def ratio(name: str, of: Figure, to: Figure, aim: float | None = None, who: str = "") -> Figure:
    """Return how many times the one the other is, by their medians."""
    return Figure(name, "x", [of.median / to.median], aim, who)


def short(value: float) -> str:
    """Return a number as a person wants it."""
    digits = 3 if abs(value) < 0.1 else 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:.{digits}f}"
