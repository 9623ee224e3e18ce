"""How much one page may cost, and how often things are looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What is held against one socket or one person."""

    queued_frames: int = 256
    queued_bytes: int = 512 * 1024
    stalled_seconds: float = 15  # a page that reads nothing for so long is cut
    pages: int = 10  # open at once, each person
    sockets: int = 4096  # in all: uvicorn's own limit does not count those that become sockets
    pages_of_place: int = 1000  # a whole clinic can be behind one address; 0: as many as come
    hello_seconds: float = 5
    send_seconds: float = 5  # where the server frames by itself
    views: int = 100  # that a page may follow
    burst: int = 40  # messages at once …
    per_second: float = 4  # … and steadily


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks."""

    coalesce: float = 0.003  # what changes within this leaves as one frame
    poll: float = 1.0
    poll_slower: float = 0.1  # while hints are missing
    retry_most: float = 2.0  # after an error of the database; doubles from poll_slower
    look: float = 1.0  # at heads and leases, for the heartbeat: it finds a lost last event in 6 s
    heartbeat: float = 5.0
    sweep: float = 1.0  # over sockets that stall, claims and sign-ins that are due
    ping: float = 10.0  # a browser that has not answered the last one by the next is cut
    renew: float = 10.0
    revalidate: float = 30.0
