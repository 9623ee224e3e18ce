"""How large a run of the bench is: the real one, and a quick one that only shows that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts, rates per second, and seconds."""

    few: int = 100  # sockets at the lower end of a slope
    many: int = 2000  # … and at its upper end
    changes: int = 50  # of one window
    per_second: float = 10  # changes; the baseline must still keep up with ``many``
    windows: int = 3
    settle_seconds: float = 1.0  # after sockets have come
    console_seconds: float = 5.0  # of doing nothing: exactly one heartbeat
    payload_seconds: float = 1.0  # the same where nothing ever happens by itself
    weighings: int = 1  # of memory alone, each in a fresh process
    watchers: int = 500  # sockets that are timed
    timed_changes: int = 50
    timed_per_second: float = 10
    rounds: int = 5  # of everyday work; 60 changes each
    is_warmed: bool = True  # by a round that does not count
    pending: tuple[int, ...] = (10, 500, 5000)  # rows on the board
    peers_sizes: tuple[int, ...] = (100, 500, 2000)  # sockets
    peers_rounds: int = 3
    peers_shrink: float = 1.0  # of the windows
    boards: tuple[int, ...] = (1, 100, 1000, 5000)  # open at once
    returning: int = 1000  # pages whose worker is killed
    returns: int = 3
    submitted: int = 100  # requests of a window


FULL = Scale()
QUICK = Scale(
    few=10,
    many=30,
    changes=4,
    per_second=20,
    windows=1,
    settle_seconds=0,
    console_seconds=0.2,
    payload_seconds=0.2,
    weighings=0,
    watchers=10,
    timed_changes=5,
    rounds=1,
    is_warmed=False,
    pending=(10, 50),
    peers_sizes=(4, 12),
    peers_rounds=1,
    peers_shrink=0.05,
    boards=(1, 4),
    returning=20,
    returns=1,
    submitted=8,
)
