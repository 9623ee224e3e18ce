"""A roster of one's own joins the demo: everybody new, in batches, spread over its groups."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from dispatch.clinic import Clinic
from dispatch.people import NewPerson
from dispatch.ports import Store
from server.demo.cast import ACCOUNT, EVERYBODY, Cast
from server.demo.founding import bring_in
from server.fhir import SkipReason
from server.roster import Roster

_BATCH = 100  # people in one transaction


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a roster, in numbers."""

    patients: int
    practitioners: int
    already_here: int
    shared_emails: int
    skipped: Mapping[SkipReason, int]
    broken_lines: tuple[tuple[str, int], ...]  # file and line number


async def admit(store: Store, cast: Cast, roster: Roster) -> Arrived:
    """Import whoever is not here yet; the demo's own people keep their parts. Twice is once."""
    known = {
        person.source_identifier
        for person in await store.read(lambda reading: reading.people(ACCOUNT, "", EVERYBODY))
    }
    patients = [one for one in roster.patients if one.source_identifier not in known]
    practitioners = [one for one in roster.practitioners if one.source_identifier not in known]
    both = [clinic.patient_group.id for clinic in cast.clinics]
    for some in _batches(patients):
        await bring_in(store, some, patient_groups=both)
    for clinics, share in _shares(practitioners, cast):
        groups = [clinic.host_group.id for clinic in clinics]
        for some in _batches(share):
            await bring_in(store, some, host_groups=groups)
    total = len(roster.patients) + len(roster.practitioners)
    return Arrived(
        patients=len(patients),
        practitioners=len(practitioners),
        already_here=total - len(patients) - len(practitioners),
        shared_emails=roster.shared_emails,
        skipped=Counter(skipped.reason for skipped in roster.skipped),
        broken_lines=tuple(
            (skipped.file, skipped.line)
            for skipped in roster.skipped
            if skipped.reason is SkipReason.BROKEN
        ),
    )


def _shares(
    practitioners: Sequence[NewPerson], cast: Cast
) -> Iterator[tuple[Sequence[Clinic], list[NewPerson]]]:
    """Spread them by identifier, so that a longer roster later moves nobody."""
    places = ((cast.northside,), (cast.harbor,), cast.clinics)
    for turn, clinics in enumerate(places):
        yield (
            clinics,
            [
                one
                for one in practitioners
                if crc32(one.source_identifier.encode()) % len(places) == turn
            ],
        )


def _batches(people: Sequence[NewPerson]) -> Iterator[Sequence[NewPerson]]:
    for start in range(0, len(people), _BATCH):
        yield people[start : start + _BATCH]
