"""People and their sign-ins in storage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.people import Actor, Person
from dispatch.vocabulary import AccountId, ClinicId, GroupId, LoginId, PersonId


class People(Protocol):
    """People and their memberships."""

    def get(self, account: AccountId, person_id: PersonId) -> Person | None: ...
    def name(self, person_id: PersonId) -> str:
        """Return a name for a sentence; ``The system`` for 0."""

    def actor(self, person_id: PersonId) -> Actor | None:
        """Return them with every relation, or None when disabled or unknown."""

    def add(self, person: Person, password_hash: str = "") -> Person: ...
    def save(self, person: Person) -> None:
        """Keep name, zone, e-mail, phone, the administrator's right and the invitation."""

    def set_password(self, person_id: PersonId, password_hash: str) -> None: ...
    def has_password(self, person_id: PersonId, password_hash: str) -> bool:
        """Return whether that is the hash of their password as it now is."""

    def administrators(self, account: AccountId) -> Sequence[PersonId]:
        """Return those who are not disabled, held until commit: one of them has to stay."""

    def set_zone(self, person_id: PersonId, zone: str) -> None: ...
    def set_disabled(self, person_id: PersonId, at: datetime | None) -> None: ...
    def schedules(self, person_id: PersonId) -> frozenset[ClinicId]:
        """Return the clinics that they schedule for, disabled or not."""

    def in_host_group(self, group: GroupId) -> Sequence[Person]: ...
    def in_patient_group(self, group: GroupId, person: PersonId) -> bool: ...
    def join_hosts(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        """Put them into the group; return those who were not in it."""

    def join_patients(self, group: GroupId, people: Collection[PersonId]) -> frozenset[PersonId]:
        """Put them into the group; return those who were not in it."""

    def by_source(self, account: AccountId, identifiers: Collection[str]) -> Mapping[str, PersonId]:
        """Return those of the source identifiers that are known."""

    def by_email(self, account: AccountId, email: str) -> Person | None: ...
    def known_emails(self, emails: Collection[str]) -> frozenset[str]:
        """Return the addresses that sign somebody in already, in whichever account."""


class Logins(Protocol):
    """Sign-ins, kept on the server; the browser holds a token of which only the hash is here."""

    def add(self, token_hash: str, person: PersonId, now: datetime, until: datetime) -> LoginId: ...
    def end(self, login: LoginId, person: PersonId, now: datetime) -> None: ...
    def end_all(self, person: PersonId, now: datetime) -> Sequence[LoginId]:
        """End those that are not ended yet; return them, whose open pages are to be told."""
