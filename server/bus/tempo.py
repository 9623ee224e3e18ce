"""How often a bell beats, how long it waits, and when it tries again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds."""

    beat: float = 0.5
    silence: float = 1.5  # after which hints count as missing
    say: float = 0.3  # for one publish
    open: float = 1.0  # for connecting and subscribing
    retry_least: float = 0.2
    retry_most: float = 2.0

    def pause(self, failures: int, chance: float) -> float:
        """Return how long to leave Redis alone: workers that lost it together come back apart."""
        doubled = min(self.retry_most, self.retry_least * float(2 ** min(failures, 10)))
        return self.retry_least + chance * (doubled - self.retry_least)
