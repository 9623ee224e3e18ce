"""A FHIR R4 roster (NDJSON files) as people: which fields are taken, and why somebody is left out.

It never looks at social security, licence or passport numbers, addresses or anything clinical.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import orjson

from dispatch.contact import EMAIL_LIMIT, PHONE_LIMIT, is_email
from dispatch.people import NewPerson

LONGEST_LINE = 1_000_000  # bytes; a person is a few thousand
LONGEST_NAME, _LONGEST_IDENTIFIER = 120, 64  # characters
_FILES = ("Patient*.ndjson", "Practitioner*.ndjson")
_NPI = "http://hl7.org/fhir/sid/us-npi"
_MEDICAL_RECORD = "MR"  # HL7 v2 table 0203
_MADE_UP_DIGITS = re.compile(r"(?<=[^\W\d_])\d+\b")  # Synthea writes "Randy380 Bergstrom287"
_OF_USE = ("official", "usual", "")  # names, best first; never an old or a maiden one

Resource = dict[str, object]


class RosterError(ValueError):
    """There is no roster to read; the message is one sentence for whoever asked for it."""


class SkipReason(StrEnum):
    """Why a line of a roster brings nobody."""

    BROKEN = "not a line of JSON that can be read"
    OTHER_RESOURCE = "neither a patient nor a practitioner"
    DECEASED = "deceased"
    INACTIVE = "no longer active"
    NO_NAME = "without a usable name"
    NO_IDENTIFIER = "without a medical record number or NPI"
    REPEATED = "already on an earlier line"


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
    kind = _word(resource.get("resourceType"))
    if kind not in found.people:
        return SkipReason.OTHER_RESOURCE
    person = _person(resource, kind)
    if isinstance(person, SkipReason):
        return person
    if person.source_identifier in found.identifiers:
        return SkipReason.REPEATED
    found.identifiers.add(person.source_identifier)
    found.people[kind].append(person)
    return None


def _person(resource: Resource, kind: str) -> NewPerson | SkipReason:
    if resource.get("deceasedDateTime") or resource.get("deceasedBoolean") is True:
        return SkipReason.DECEASED
    if resource.get("active") is False:
        return SkipReason.INACTIVE
    name = _name(resource, with_prefix=kind == "Practitioner")
    if not name or len(name) > LONGEST_NAME:
        return SkipReason.NO_NAME
    identifier = _medical_record(resource) if kind == "Patient" else _npi(resource)
    if identifier is None:
        return SkipReason.NO_IDENTIFIER
    email = _telecom(resource, "email", EMAIL_LIMIT)
    return NewPerson(
        name=name,
        source_identifier=identifier,
        email=email if email and is_email(email) else None,
        phone=_telecom(resource, "phone", PHONE_LIMIT),
        birth_date=_birth_date(resource) if kind == "Patient" else None,
    )


def _name(resource: Resource, *, with_prefix: bool) -> str:
    names = {_word(name.get("use")): name for name in reversed(_entries(resource, "name"))}
    name = next((names[use] for use in _OF_USE if use in names), None)
    if name is None:
        return ""
    prefixes = _words(name.get("prefix")) if with_prefix else []
    given_and_family = [*_words(name.get("given")), _word(name.get("family"))]
    bare = " ".join(filter(None, (_MADE_UP_DIGITS.sub("", word) for word in given_and_family)))
    bare = bare or _MADE_UP_DIGITS.sub("", _word(name.get("text")))
    return " ".join([*prefixes, bare]) if bare else ""


def _medical_record(resource: Resource) -> str | None:
    for identifier in _entries(resource, "identifier"):
        kind = identifier.get("type")
        codings = _entries(kind, "coding") if isinstance(kind, dict) else []
        if any(coding.get("code") == _MEDICAL_RECORD for coding in codings):
            return _identifier("mrn", identifier)
    return None


def _npi(resource: Resource) -> str | None:
    for identifier in _entries(resource, "identifier"):
        if identifier.get("system") == _NPI:
            return _identifier("npi", identifier)
    return None


def _identifier(scheme: str, identifier: Resource) -> str | None:
    value = _word(identifier.get("value"))
    return f"{scheme}:{value}" if 0 < len(value) <= _LONGEST_IDENTIFIER else None


def _telecom(resource: Resource, system: str, longest: int) -> str | None:
    for contact in _entries(resource, "telecom"):
        value = _word(contact.get("value"))
        if contact.get("system") == system and contact.get("use") != "old" and value:
            return value if len(value) <= longest else None
    return None


def _birth_date(resource: Resource) -> date | None:
    """Return a whole date; FHIR also allows a year alone, which tells nobody apart."""
    try:
        return date.fromisoformat(_word(resource.get("birthDate")))
    except ValueError:
        return None


def _entries(resource: Resource, key: str) -> list[Resource]:
    entries = resource.get(key)
    listed = entries if isinstance(entries, list) else []
    return [entry for entry in listed if isinstance(entry, dict)]


def _words(values: object) -> list[str]:
    listed = values if isinstance(values, list) else []
    return list(filter(None, map(_word, listed)))


def _word(value: object) -> str:
    """Return text on one line, without characters that nobody sees (they can turn names around)."""
    if not isinstance(value, str):
        return ""
    seen = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", value))
    return " ".join("".join(c for c in seen if unicodedata.category(c)[0] != "C").split())


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
