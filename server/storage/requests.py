"""Session requests in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from dispatch.errors import StaleError
from dispatch.line import Estimate
from dispatch.request import SessionRequest
from dispatch.vocabulary import (
    AccountId,
    ClinicId,
    PersonId,
    RequestId,
    RequestNumber,
    RequestStatus,
)
from server.storage.among import Among
from server.storage.lines import keep_told
from server.storage.request_rows import CHANGING, changing_of, columns_of, loaded
from server.storage.tables import account, login, request, request_pass, requested_time

_BY_ID = select(request).where(request.c.id == bindparam("id")).with_for_update()
_BY_NUMBER = (
    select(request)
    .where(request.c.account_id == bindparam("account"), request.c.number == bindparam("number"))
    .with_for_update()
)
_OPEN = (
    select(request)
    .where(
        request.c.requester_id == bindparam("requester"),
        request.c.clinic_id == bindparam("clinic"),
        request.c.status == RequestStatus.PENDING,
    )
    .with_for_update()
)
_RECENT = (
    select(request)
    .where(
        request.c.requester_id == bindparam("requester"),
        request.c.submitted_at > bindparam("since"),
    )
    .order_by(request.c.submitted_at.desc(), request.c.number.desc())
)
_SWAP = (
    update(request)
    .where(
        request.c.id == bindparam("b_id"),
        request.c.version == bindparam("b_version"),
        request.c.status == bindparam("b_status"),
    )
    .values({name: bindparam(name) for name in CHANGING})
)
_ADD = insert(request).returning(request.c.id)
_NUMBER = (
    update(account)
    .where(account.c.id == bindparam("b_account"))
    .values(last_request_number=account.c.last_request_number + 1)
    .returning(account.c.last_request_number)
)
_PASSED_BY = select(request_pass.c.host_id).where(request_pass.c.request_id == bindparam("request"))
_WAITING = (
    select(request)
    .where(request.c.clinic_id == bindparam("clinic"), request.c.status == RequestStatus.PENDING)
    .order_by(request.c.id)
)
_PASSED_ON = select(request).where(
    request.c.clinic_id.in_(bindparam("clinics", expanding=True)),
    request.c.status == RequestStatus.PENDING,
    exists().where(request_pass.c.request_id == request.c.id),
)

_SHOWN = (
    select(request)
    .where(
        request.c.account_id == bindparam("account"),
        or_(request.c.status == RequestStatus.PENDING, request.c.decided_at > bindparam("since")),
    )
    .order_by(request.c.id)
)


_IS_SIGNED_IN = request.c.requester_id.in_(
    select(login.c.person_id).where(login.c.ended_at.is_(None), login.c.until_at > bindparam("now"))
)
_LOOKED_BACK_ON = (
    select(request)
    .where(
        request.c.account_id == bindparam("account"),
        request.c.submitted_at > bindparam("since"),
        request.c.decided_at <= bindparam("decided_by"),
        _IS_SIGNED_IN,
    )
    .order_by(request.c.id)
)
_ANSWERED_TO = Among(
    "people",
    lambda is_asked: (
        select(request)
        .where(
            is_asked(request.c.requester_id),
            request.c.clinic_id.in_(bindparam("clinics", expanding=True)),
            request.c.submitted_at > bindparam("since"),
            request.c.decided_at.is_not(None),
            or_(request.c.decided_at > bindparam("decided_after"), _IS_SIGNED_IN),
        )
        .order_by(request.c.id)
    ),
)


class SqlRequests:
    """``dispatch.ports.Requests`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.decided: list[SessionRequest] = []  # in this transaction

    def by_number(self, account: AccountId, number: RequestNumber) -> SessionRequest | None:
        return self._one(_BY_NUMBER, {"account": account, "number": number})

    def by_id(self, request_id: RequestId) -> SessionRequest | None:
        return self._one(_BY_ID, {"id": request_id})

    def open_of(self, requester: PersonId, clinic: ClinicId) -> SessionRequest | None:
        return self._one(_OPEN, {"requester": requester, "clinic": clinic})

    def keep_told(self, request_id: RequestId, told: Estimate, at: datetime) -> bool:
        """Store the first range that the requester was shown; False: there is one already."""
        return keep_told(self._connection, request_id, told, at)

    def recent_of(self, requester: PersonId, since: datetime) -> Sequence[SessionRequest]:
        """Return what they have asked for since then, latest first."""
        asked = {"requester": requester, "since": since}
        rows = self._connection.execute(_RECENT, asked).mappings()
        return loaded(self._connection, rows.all())

    def add(self, draft: SessionRequest) -> SessionRequest:
        """Store it with the account's next number; return it with id and number."""
        number = self._connection.execute(_NUMBER, {"b_account": draft.account_id}).scalar_one()
        numbered = replace(draft, number=RequestNumber(number))
        key = self._connection.execute(_ADD, columns_of(numbered)).scalar_one()
        if draft.times:
            self._connection.execute(
                insert(requested_time),
                [
                    {"request_id": key, "rank": rank, "starts_at": at}
                    for rank, at in enumerate(draft.times, start=1)
                ],
            )
        return replace(numbered, id=RequestId(key))

    def save(self, request: SessionRequest, was: SessionRequest) -> None:
        """Compare and swap on ``was``'s version and status; StaleError if somebody was first."""
        where = {"b_id": was.id, "b_version": was.version, "b_status": was.status}
        swapped = self._connection.execute(_SWAP, {**changing_of(request), **where})
        if swapped.rowcount != 1:
            raise StaleError("This request changed since you looked. Check it and press again.")
        if request.decision and not was.decision:
            self.decided.append(request)

    def passed_by(self, request_id: RequestId) -> frozenset[PersonId]:
        return frozenset(self._connection.execute(_PASSED_BY, {"request": request_id}).scalars())

    def add_pass(self, request_id: RequestId, host: PersonId, reason: str, at: datetime) -> None:
        row = {"request_id": request_id, "host_id": host, "reason": reason, "passed_at": at}
        self._connection.execute(insert(request_pass), row)

    def clear_passes(self, request_id: RequestId) -> None:
        self._connection.execute(
            delete(request_pass).where(request_pass.c.request_id == request_id)
        )

    def waiting_in(self, clinic: ClinicId) -> Sequence[SessionRequest]:
        """Return the pending requests of a clinic, by their ids; no row is locked."""
        rows = self._connection.execute(_WAITING, {"clinic": clinic}).mappings()
        return loaded(self._connection, rows.all())

    def passed_on(self, clinics: Collection[ClinicId]) -> Sequence[SessionRequest]:
        """Return the pending requests of the clinics on which some host has passed."""
        rows = self._connection.execute(_PASSED_ON, {"clinics": list(clinics)}).mappings()
        return loaded(self._connection, rows.all())

    def shown(self, account: AccountId, decided_after: datetime) -> Sequence[SessionRequest]:
        """Return who waits, and what was decided since; no row is locked."""
        values = {"account": account, "since": decided_after}
        return loaded(self._connection, self._connection.execute(_SHOWN, values).mappings().all())

    def looked_back_on(
        self, account: AccountId, since: datetime, decided_by: datetime, now: datetime
    ) -> Sequence[SessionRequest]:
        """Return the decided requests on the pages of people who are signed in; none is locked."""
        values = {"account": account, "since": since, "decided_by": decided_by, "now": now}
        rows = self._connection.execute(_LOOKED_BACK_ON, values).mappings().all()
        return loaded(self._connection, rows)

    def answered_to(
        self,
        people: Collection[PersonId],
        clinics: Collection[ClinicId],
        since: datetime,
        decided_after: datetime,
        now: datetime,
    ) -> Sequence[SessionRequest]:
        """Return what was decided of what these people asked, where a page shows it."""
        values = {"since": since, "decided_after": decided_after, "now": now}
        asked = {"people": [*people], "clinics": [*clinics], **values}
        rows = self._connection.execute(_ANSWERED_TO.on(self._connection), asked).mappings()
        return loaded(self._connection, rows.all())

    def _one(self, statement: Any, values: Mapping[str, object]) -> SessionRequest | None:
        row = self._connection.execute(statement, values).mappings().first()
        return loaded(self._connection, [row])[0] if row is not None else None
