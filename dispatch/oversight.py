"""What an administrator's pages ask of storage, always of their own account."""

from collections.abc import Sequence
from typing import Protocol

from dispatch.account import Account
from dispatch.clinic import Group, Service
from dispatch.people import Person
from dispatch.views import AuditLine, GroupInUse, ServiceInUse, Unfinished
from dispatch.vocabulary import AccountId, ClinicId, GroupId, GroupKind, PersonId, ServiceId


class Oversight(Protocol):
    """The account from above; a part of ``Reading``."""

    def account(self, account: AccountId) -> Account: ...
    def person(self, account: AccountId, person: PersonId) -> Person | None: ...
    def group(self, account: AccountId, kind: GroupKind, group: GroupId) -> Group | None: ...
    def groups_in_use(self, account: AccountId) -> Sequence[GroupInUse]:
        """Return patient groups, then host groups, each by name."""

    def members(
        self, kind: GroupKind, group: GroupId, matching: str, limit: int
    ) -> Sequence[Person]:
        """Return members whose name holds the text, by name, disabled ones too."""

    def count_members(self, kind: GroupKind, group: GroupId, matching: str) -> int: ...
    def scheduling(self, clinic: ClinicId) -> Sequence[Person]:
        """Return the clinic's schedulers by name, disabled ones too."""

    def unfinished(self, clinic: ClinicId) -> Unfinished:
        """Return what goes on in the clinic, as ``Clinics.unfinished`` does."""

    def service(self, account: AccountId, service: ServiceId) -> Service | None: ...
    def services_in_use(self, account: AccountId) -> Sequence[ServiceInUse]: ...
    def audit(
        self,
        account: AccountId,
        *,
        kinds: str = "",
        actor: PersonId | None = None,
        before: int | None = None,
        limit: int,
    ) -> Sequence[AuditLine]:
        """Return what happened, the youngest first, older than the line ``before``.

        ``kinds`` is what the kind begins with: ``request.``
        """
