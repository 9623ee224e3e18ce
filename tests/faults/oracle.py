"""What the database says was done, held against what pages were told and people were answered."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from server.storage.postgres_store import PostgresStore
from server.storage.tables import audit, event, request, stream_head
from tests.faults.ledger import Account, Deed, Ledger, Told

TRUST_SECONDS = 10.0  # I8
_LOOK_SECONDS = 1.5  # a page looks at its own state once a second
_BECOMES = {  # what a deed that is done leaves behind, once
    "submit": {"request.submitted", "request.auto_declined"},
    "accept": {"request.accepted"},
    "withdraw": {"request.withdrawn"},
    "decline": {"request.declining"},
}
# Not what is due, such as request.declined: it may end inside another's transaction, which has one
# audit row of its own (docs/decisions/0004).
_COUNTED = frozenset().union(*_BECOMES.values())
_STATUS = {"accept": "accepted", "withdraw": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    tag: str
    kind: str
    entity: str
    at: float


Log = dict[int, Event]  # of one stream


@dataclass
class _Place:
    """How far one key of a page has been followed by the oracle."""

    seq: int | None = None
    versions: dict[str, int] = field(default_factory=dict)


@dataclass
class _Rows:
    """What was read for one judgement."""

    heads: dict[str, tuple[int, int]]  # seq, floor
    numbers: dict[tuple[int, int], tuple[int, str]]  # account, number -> id, status
    audited: Counter[tuple[str, int]]  # kind, request


class Oracle:
    """Judges what came since it last did; what it finds names the invariant."""

    def __init__(self, store: PostgresStore, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._logs: dict[str, Log] = {}
        self._former: dict[str, list[Log]] = {}  # histories that were taken back
        self._places: dict[tuple[int, tuple[str, str]], _Place] = {}
        self._judged: dict[int, int] = {}  # entries of a page's ledger
        self._taken_back: Counter[tuple[str, int]] = Counter()

    def take_back(self, stream: str, after: int) -> None:
        """Note that the log of a stream goes on from an earlier place, as from a backup."""
        log = self._logs.get(stream, {})
        self._former.setdefault(stream, []).append(dict(log))
        for seq in [seq for seq in log if seq > after]:
            gone = log.pop(seq)
            if gone.entity.startswith("request:") and stream.startswith("clinic:"):
                self._taken_back[gone.kind, int(gone.entity.partition(":")[2])] += 1

    async def judge(self) -> list[str]:
        """Return every violation, in words."""
        told = [(page, len(page.told)) for page in self._ledger.pages]  # what comes later, later
        rows = await self._read()
        found = [*self._density(rows)]
        for page, upto in told:
            found += self._page(page, upto)
        return found + self._deeds(rows) + self._winners(rows)

    async def read_log(self) -> None:
        """Take in what the log says by now."""
        await self._read()

    async def _read(self) -> _Rows:
        """Read all of it as of one instant: work in the background goes on while people rest."""
        async with self._store._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            return await connection.run_sync(self._rows)

    def _rows(self, connection: Connection) -> _Rows:
        for stream, seq, tag, kind, entity, key, at in connection.execute(
            select(
                event.c.stream,
                event.c.seq,
                event.c.tag,
                event.c.kind,
                event.c.entity_kind,
                event.c.entity_id,
                event.c.at,
            )
        ):
            log = self._logs.setdefault(stream, {})
            if seq not in log:
                log[seq] = Event(tag, kind, f"{entity}:{key}", at.timestamp())
        heads = {
            row.stream: (row.seq, row.floor) for row in connection.execute(select(stream_head))
        }
        numbers = {
            (row.account_id, row.number): (row.id, row.status)
            for row in connection.execute(
                select(request.c.account_id, request.c.number, request.c.id, request.c.status)
            )
        }
        counted = (
            select(audit.c.kind, audit.c.entity_id, func.count())
            .where(audit.c.entity_kind == "request")
            .group_by(audit.c.kind, audit.c.entity_id)
        )
        audited = Counter({(kind, key): count for kind, key, count in connection.execute(counted)})
        return _Rows(heads, numbers, audited)

    # I1, I3: pages ----------------------------------------------------------------------------

    def _density(self, rows: _Rows) -> list[str]:
        found = []
        for stream, (seq, floor) in rows.heads.items():
            log = self._logs.get(stream, {})
            if sorted(log) != list(range(floor + 1, seq + 1)):
                found.append(f"I1: {stream} has {len(log)} events up to {seq}, floor {floor}")
        return found

    def _page(self, page: Account, upto: int) -> list[str]:
        begun = self._judged.get(id(page), 0)
        self._judged[id(page)] = upto
        found = []
        for told in page.told[begun:upto]:
            place = self._places.setdefault((id(page), told.key), _Place())
            wrong = self._told(page, told, place)
            found += [f"{words} ({page.name}, {told.key[0]} at {told.seq})" for words in wrong]
            place.seq = told.seq
        if page.gaps:
            found.append(f"I1: {page.gaps} frames that did not join on ({page.name})")
            page.gaps = 0
        if page.foreign:
            found.append(f"I6: {len(page.foreign)} foreign canaries on {page.name}")
            page.foreign = set()
        return found

    def _told(self, page: Account, told: Told, place: _Place) -> list[str]:
        log = self._log_of(told)
        if log is None:
            return ["I3: no such event"]
        if told.after is None:
            if place.seq is not None and told.seq < place.seq and told.why != "history":
                return [f"I1: went back from {place.seq} by a snapshot"]
            place.versions = {op.entity: op.version for op in told.ops if op.version is not None}
            return _honesty(page, told, place.seq, log)
        if place.seq is None or not told.after <= place.seq < told.seq:
            return [f"I1: after {told.after}, while it was at {place.seq}"]
        return [
            *_contents(told, log),
            *_order(told, place.versions),
            *_honesty(page, told, place.seq, log),
        ]

    def _log_of(self, told: Told) -> Log | None:
        """Return the history that a frame tells, or None if there never was such a one."""
        stream = told.key[0]
        if told.seq == 0:
            return {}
        for log in (self._logs.get(stream, {}), *self._former.get(stream, [])):
            if told.seq in log and log[told.seq].tag == told.tag:
                return log
        return None

    # I4, I5: people ---------------------------------------------------------------------------

    def _deeds(self, rows: _Rows) -> list[str]:
        logged = Counter(self._taken_back)
        for stream, log in self._logs.items():
            if stream.startswith("clinic:"):
                logged.update(
                    (one.kind, int(one.entity.partition(":")[2]))
                    for one in log.values()
                    if one.kind in _COUNTED
                )
        audited = Counter({key: n for key, n in rows.audited.items() if key[0] in _COUNTED})
        found = [
            f"I4: {key} has {logged[key]} events and {audited[key]} audit rows"
            for key in {*logged, *audited}
            if key[0] in _COUNTED and (logged[key], audited[key]) != (1, 1)
        ]
        for deed in self._ledger.deeds:
            if not deed.is_done or deed.verb not in _BECOMES:
                continue
            key, _ = rows.numbers.get((deed.account, deed.number or 0), (0, ""))
            if not any(logged[kind, key] for kind in _BECOMES[deed.verb]):
                found.append(f"I4: an acknowledged {deed.verb} of {deed.number} is not there")
        return found + self._doubles(rows) + self._accidents()

    def _doubles(self, rows: _Rows) -> list[str]:
        asked = [deed for deed in self._ledger.deeds if deed.verb == "submit"]
        unclear = sum(1 for deed in asked if deed.status is None)
        accounts = {deed.account for deed in asked}
        there = sum(1 for account, _ in rows.numbers if account in accounts)
        known = len({(deed.account, deed.number) for deed in asked if deed.is_done})
        if there > known + unclear:
            return [f"I4: {there} requests, {known} acknowledged, {unclear} unclear"]
        return []

    def _accidents(self) -> list[str]:
        return [
            f"an accident: {deed.verb} was answered {sorted(deed.statuses)}"
            for deed in self._ledger.deeds
            if 500 in deed.statuses
        ]

    def _winners(self, rows: _Rows) -> list[str]:
        won: dict[tuple[int, int], list[Deed]] = {}
        for deed in self._ledger.deeds:
            if deed.verb in _STATUS and deed.is_done and deed.number and not deed.was_there:
                won.setdefault((deed.account, deed.number), []).append(deed)
        found = []
        for request_of, deeds in won.items():
            verbs = sorted(deed.verb for deed in deeds)
            if len(deeds) > 1:
                found.append(f"I5: {request_of} was won {len(deeds)} times: {verbs}")
            _, status = rows.numbers.get(request_of, (0, "missing"))
            if status not in {_STATUS[verb] for verb in verbs}:
                found.append(f"I4: {request_of} is {status}, and {verbs} was acknowledged")
        return found


def _contents(told: Told, log: Log) -> list[str]:
    """I1, I3: a frame names what changed in its range, all of it, once, and nothing else."""
    assert told.after is not None
    named = {log[seq].entity for seq in range(told.after + 1, told.seq + 1) if seq in log}
    said = [op.entity for op in told.ops]
    found = []
    if missing := named.difference(said):
        found.append(f"I1: {sorted(missing)} changed and was not told")
    if invented := set(said) - named:
        found.append(f"I3: {sorted(invented)} was told and did not change")
    if len(set(said)) != len(said):
        found.append("I1: an entity twice in one frame")
    return found


def _order(told: Told, versions: dict[str, int]) -> list[str]:
    """I1: what a page shows of an entity never goes back."""
    found = []
    for op in told.ops:
        if op.version is None:
            continue
        if op.version < versions.get(op.entity, 0):
            found.append(f"I1: {op.entity} went back to version {op.version}")
        versions[op.entity] = op.version
    return found


def _honesty(page: Account, told: Told, cursor: int | None, log: Log) -> list[str]:
    """I8: a page that learns something over ten seconds late had said that it is not live."""
    oldest = None if cursor is None else log.get(cursor + 1)
    if oldest is None or told.seq <= (cursor or 0):
        return []
    late_from = max(oldest.at, page.opened_at) + TRUST_SECONDS
    spans = zip(page.states, [*page.states[1:], (told.at, "")], strict=True)
    for (since, state), (until, _) in spans:
        seconds = min(until, told.at) - max(since, late_from)
        if state in ("live", "slower") and seconds > _LOOK_SECONDS:
            return [f"I8: said {state}, while {told.at - oldest.at:.1f} s late"]
    return []
