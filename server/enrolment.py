"""A roster's people come into an account, in batches: whoever is known stays as they are.

It knows neither files nor pages. Twice is once: one that broke off goes on where it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatch.people import Actor, NewPerson
from dispatch.ports import Reading, Store
from dispatch.usecases.administration import ImportPeople, import_people
from dispatch.vocabulary import GroupId
from server.fhir import SkipReason
from server.roster import Roster, Skipped

BATCH = 250  # people in one transaction: nobody who is working waits longer for it than for 0.2 s
_EVERYBODY = 1_000_000

Progress = Callable[[int, int], None]  # done, of so many


@dataclass(frozen=True, slots=True)
class Places:
    """The groups that they join: patients the one kind, practitioners the other."""

    patient_groups: frozenset[GroupId] = frozenset()
    host_groups: frozenset[GroupId] = frozenset()
    zone: str = "UTC"  # of those who are new


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What became of a roster, or would: in numbers, and line by line what was left out."""

    patients: int  # new ones
    practitioners: int
    already_here: int  # known by their identifier; they too are in the groups now
    without_sign_in: int  # new ones whose e-mail address somebody has, here or in the roster
    skipped: tuple[Skipped, ...]

    @property
    def reasons(self) -> Mapping[SkipReason, int]:
        """Return how many lines were left out for each reason, most first."""
        return dict(Counter(one.reason for one in self.skipped).most_common())

    @property
    def is_nobody_new(self) -> bool:
        """Return whether it brings nobody."""
        return not self.patients and not self.practitioners


async def enrol(
    store: Store, actor: Actor, roster: Roster, places: Places, note: Progress = lambda *_: None
) -> Enrolment:
    """Bring them in; ``note`` hears after each batch how far it is.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: a group of another account.
    """
    foreseen = await check(store, actor, roster)
    total, done = len(roster.patients) + len(roster.practitioners), 0
    note(done, total)
    for people, patient_groups, host_groups in (
        (roster.patients, places.patient_groups, frozenset[GroupId]()),
        (roster.practitioners, frozenset[GroupId](), places.host_groups),
    ):
        for batch in _batches(people):
            command = ImportPeople(tuple(batch), places.zone, host_groups, patient_groups)
            await store.perform(import_people, command, actor)
            done += len(batch)
            note(done, total)
    return foreseen


async def check(store: Store, actor: Actor, roster: Roster) -> Enrolment:
    """Return what bringing them in would come to; changes nothing."""
    both = (*roster.patients, *roster.practitioners)

    def look(reading: Reading) -> tuple[frozenset[str], frozenset[str]]:
        everybody = reading.people(actor.account_id, "", _EVERYBODY)
        identifiers = {one.source_identifier for one in everybody if one.source_identifier}
        emails = {one.email.lower() for one in everybody if one.email}
        return frozenset(identifiers), frozenset(emails)

    known, taken = await store.read(look)
    new = [one for one in both if one.source_identifier not in known]
    return Enrolment(
        patients=sum(one.source_identifier not in known for one in roster.patients),
        practitioners=sum(one.source_identifier not in known for one in roster.practitioners),
        already_here=len(both) - len(new),
        without_sign_in=roster.shared_emails
        + sum(bool(one.email) and (one.email or "").lower() in taken for one in new),
        skipped=roster.skipped,
    )


def _batches(people: Sequence[NewPerson]) -> Iterator[Sequence[NewPerson]]:
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]
