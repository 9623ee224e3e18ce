"""An open page as its script keeps it: entities by name, moved on by deltas alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.events import EntityRef
from dispatch.stream import Cursor, Projection, Snapshot
from dispatch.views import (
    AvailabilityCard,
    BoardRow,
    DecidedRow,
    HostCard,
    HostGroupRow,
    LinkCard,
    PassRow,
    PatientCard,
    ProviderRow,
    SessionRow,
    View,
)
from tests.dispatch.desk import Desk

Place = tuple[str, Projection]


@dataclass(frozen=True)
class Page:
    """One stream in one projection, as of a cursor."""

    stream: str
    projection: Projection
    cursor: Cursor
    entities: dict[EntityRef, View]

    @staticmethod
    def places(desk: Desk) -> Iterator[Place]:
        """Yield everything that anyone in the town can have open."""
        for clinic in (desk.evening, desk.daytime):
            for projection in (Projection.BOARD, Projection.DECIDED, Projection.SESSIONS):
                yield f"clinic:{clinic.id}", projection
            yield f"hosts:{clinic.host_group.id}", Projection.HOST
        for host in (desk.ada, desk.ben, desk.dan):
            yield f"host:{host}", Projection.HOST
        for patient in (desk.mia, desk.omar):
            yield f"patient:{patient}", Projection.PATIENT
            yield f"patient:{patient}", Projection.ROOM

    @classmethod
    def open(cls, desk: Desk, stream: str, projection: Projection) -> "Page":
        read = desk.snapshot(stream, projection)
        return cls(stream, projection, read.cursor, {view.entity: view for view in read.views})

    def follow(self, desk: Desk) -> "Page":
        """Return it after what the stream said since."""
        known = Snapshot(self.stream, self.projection, self.cursor, ())
        delta = desk.delta(known)
        assert delta is not None, "nothing was swept, so there is no reason for a snapshot"
        entities = dict(self.entities) | {view.entity: view for view in delta.views}
        for ref, _ in delta.gone:
            entities.pop(ref, None)
        return replace(self, cursor=delta.cursor, entities=entities)

    def shown(self, now: datetime) -> dict[EntityRef, View]:
        """Return what a person sees: pages turn by server time what time alone changes."""
        turned = {ref: _as_seen(view, now) for ref, view in self.entities.items()}
        return {ref: view for ref, view in turned.items() if view is not None}


def _as_seen(view: View, now: datetime) -> View | None:
    """Take away what the instants in the view say is over, and leases: the heartbeat carries them."""
    match view:
        case BoardRow() | HostCard():
            claim = view.claim and replace(view.claim, lease_until=now)
            return replace(view, claim=claim)
        case PatientCard():
            return replace(view, looked_at_until=view.looked_at_until and now)
        case ProviderRow() | AvailabilityCard():
            is_over = view.until_at is not None and view.until_at <= now
            return replace(view, until_at=None if is_over else view.until_at, version=0)
        case SessionRow():
            is_kept = view.closes_at > now  # at its close the sweep says what became of it
            return view if is_kept else None
        case DecidedRow():
            return (
                replace(view, can_return=False)
                if now - timedelta(days=1) < view.decided_at
                else None
            )
        case PassRow():
            return replace(view, version=0)
        case LinkCard() | HostGroupRow():
            return view
