"""Clinics, and the hosts who answer in them, in storage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.availability import Availability
from dispatch.clinic import Clinic
from dispatch.slots import Slot
from dispatch.views import Unfinished
from dispatch.vocabulary import AccountId, ClinicId, GroupId, PersonId


class Clinics(Protocol):
    """Clinics with their groups and services."""

    def get(self, account: AccountId, clinic_id: ClinicId) -> Clinic | None: ...
    def of_account(self, account: AccountId) -> Sequence[Clinic]: ...
    def lock(self, clinic_id: ClinicId) -> None:
        """Hold the clinic until commit: whoever asks in it now waits, and is told anew."""

    def unfinished(self, clinic_id: ClinicId) -> Unfinished:
        """Return what goes on there as of one instant, so that nothing slips from one count into
        the other between them.
        """

    def with_host(self, host: PersonId) -> Sequence[Clinic]:
        """Return every clinic whose host group holds them."""

    def with_hosts(self, hosts: Collection[PersonId]) -> Mapping[PersonId, frozenset[ClinicId]]:
        """Return those of each of the hosts, in one read; none for who is in no such group."""

    def groups(self, account: AccountId) -> tuple[frozenset[GroupId], frozenset[GroupId]]:
        """Return the account's patient groups and host groups."""

    def schedulers(self, clinic_id: ClinicId) -> Sequence[PersonId]: ...
    def add(self, clinic: Clinic) -> Clinic:
        """Store it; groups and services of id 0 are made, the others linked."""

    def save(self, clinic: Clinic) -> None:
        """Store its settings, its groups, and which services it offers in which order."""

    def add_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None: ...
    def remove_scheduler(self, clinic_id: ClinicId, person: PersonId) -> None: ...


class Hosts(Protocol):
    """Availability, slots and the lock that acceptances of one host share."""

    def lock(self, hosts: Collection[PersonId]) -> None:
        """Hold the hosts, ascending, until commit; overlaps are read after this."""

    def availability(self, host: PersonId) -> Availability: ...
    def save_availability(self, availability: Availability) -> None: ...
    def slots(self, hosts: Collection[PersonId], start: datetime, end: datetime) -> Sequence[Slot]:
        """Return the hosts' slots that touch ``[start, end]``, by host and start, less time off."""
