"""A roster (NDJSON files of FHIR R4) as people: the lines of its files, and who is there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import orjson

from dispatch.people import NewPerson
from server.fhir import SkipReason, person_of, word_of

LONGEST_LINE = 1_000_000  # bytes; a person is a few thousand
_FILES = ("Patient*.ndjson", "Practitioner*.ndjson")


class RosterError(ValueError):
    """There is no roster to read; the message is one sentence for whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One line that was left out: file name, line number from 1, and why."""

    file: str
    line: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of a roster and what was left out."""

    patients: tuple[NewPerson, ...] = ()
    practitioners: tuple[NewPerson, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    shared_emails: int = 0  # people whose address somebody else has too: no sign-in name


@dataclass(slots=True)
class _Found:
    people: dict[str, list[NewPerson]] = field(
        default_factory=lambda: {"Patient": [], "Practitioner": []}
    )
    skipped: list[Skipped] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)


def read_roster(place: Path) -> Roster:
    """Return everybody of a file, or of the Patient and Practitioner files in a folder.

    Raises:
        RosterError: there is no such file, or it cannot be opened.
    """
    if place.is_dir():
        files = sorted(file for pattern in _FILES for file in place.glob(pattern))
    else:
        files = [place]
    if not files:
        raise RosterError(f"{place} holds no Patient.ndjson and no Practitioner.ndjson.")
    with ExitStack() as opened:
        try:
            return read_files(
                [(file.name, opened.enter_context(file.open("rb"))) for file in files]
            )
        except OSError as error:
            raise RosterError(
                f"{error.filename or place} cannot be read: {error.strerror}."
            ) from error


def read_files(files: Iterable[tuple[str, BinaryIO]]) -> Roster:
    """Return everybody of some files, each with its name."""
    found = _Found()
    for name, lines in files:
        _read(name, lines, found)
    return _without_shared_emails(found)


def _read(name: str, lines: BinaryIO, found: _Found) -> None:
    for number, line in enumerate(_whole_lines(lines), start=1):
        if line.strip():
            taken = _take(line, found)
            if taken is not None:
                found.skipped.append(Skipped(name, number, taken))


def _whole_lines(lines: BinaryIO) -> Iterator[bytes]:
    """Yield each line; one that is too long comes as a stump, which is no JSON."""
    while line := lines.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := lines.readline(LONGEST_LINE)):
            line = b"{"
        yield line


def _take(line: bytes, found: _Found) -> SkipReason | None:
    """Keep the person of a line, or say why not."""
    try:
        resource = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return SkipReason.BROKEN
    if not isinstance(resource, dict):
        return SkipReason.BROKEN
    kind = word_of(resource.get("resourceType"))
    if kind not in found.people:
        return SkipReason.OTHER_RESOURCE
    person = person_of(resource, kind)
    if isinstance(person, SkipReason):
        return person
    if person.source_identifier in found.identifiers:
        return SkipReason.REPEATED
    found.identifiers.add(person.source_identifier)
    found.people[kind].append(person)
    return None


def _without_shared_emails(found: _Found) -> Roster:
    """Take an address from everybody who shares it: it cannot say who signs in."""
    everybody = [person for people in found.people.values() for person in people]
    counts = Counter(person.email.lower() for person in everybody if person.email)

    def own(people: Iterable[NewPerson]) -> tuple[NewPerson, ...]:
        return tuple(
            replace(person, email=None)
            if person.email and counts[person.email.lower()] > 1
            else person
            for person in people
        )

    return Roster(
        patients=own(found.people["Patient"]),
        practitioners=own(found.people["Practitioner"]),
        skipped=tuple(found.skipped),
        shared_emails=sum(count for count in counts.values() if count > 1),
    )
