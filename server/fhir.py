"""One resource of FHIR R4 as a person: which fields are taken, and why somebody is left out.

It never looks at social security, licence or passport numbers, addresses or anything clinical.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from dispatch.contact import EMAIL_LIMIT, PHONE_LIMIT, is_email
from dispatch.people import NewPerson

_LONGEST_NAME, _LONGEST_IDENTIFIER = 120, 64  # characters
_NPI = "http://hl7.org/fhir/sid/us-npi"
_MEDICAL_RECORD = "MR"  # HL7 v2 table 0203
_MADE_UP_DIGITS = re.compile(r"(?<=[^\W\d_])\d+\b")  # Synthea writes "Randy380 Bergstrom287"
_OF_USE = ("official", "usual", "")  # names, best first; never an old or a maiden one

Resource = dict[str, object]


class SkipReason(StrEnum):
    """Why a line of a roster brings nobody."""

    BROKEN = "not a line of JSON that can be read"
    OTHER_RESOURCE = "neither a patient nor a practitioner"
    DECEASED = "deceased"
    INACTIVE = "no longer active"
    NO_NAME = "without a usable name"
    NO_IDENTIFIER = "without a medical record number or NPI"
    REPEATED = "already on an earlier line"


def person_of(resource: Resource, kind: str) -> NewPerson | SkipReason:
    """Return who a ``Patient`` or a ``Practitioner`` is, or why they are left out."""
    if resource.get("deceasedDateTime") or resource.get("deceasedBoolean") is True:
        return SkipReason.DECEASED
    if resource.get("active") is False:
        return SkipReason.INACTIVE
    name = _name(resource, with_prefix=kind == "Practitioner")
    if not name or len(name) > _LONGEST_NAME:
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
    names = {word_of(name.get("use")): name for name in reversed(_entries(resource, "name"))}
    name = next((names[use] for use in _OF_USE if use in names), None)
    if name is None:
        return ""
    prefixes = _words(name.get("prefix")) if with_prefix else []
    given_and_family = [*_words(name.get("given")), word_of(name.get("family"))]
    bare = " ".join(filter(None, (_MADE_UP_DIGITS.sub("", word) for word in given_and_family)))
    bare = bare or _MADE_UP_DIGITS.sub("", word_of(name.get("text")))
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
    value = word_of(identifier.get("value"))
    return f"{scheme}:{value}" if 0 < len(value) <= _LONGEST_IDENTIFIER else None


def _telecom(resource: Resource, system: str, longest: int) -> str | None:
    for contact in _entries(resource, "telecom"):
        value = word_of(contact.get("value"))
        if contact.get("system") == system and contact.get("use") != "old" and value:
            return value if len(value) <= longest else None
    return None


def _birth_date(resource: Resource) -> date | None:
    """Return a whole date; FHIR also allows a year alone, which tells nobody apart."""
    try:
        return date.fromisoformat(word_of(resource.get("birthDate")))
    except ValueError:
        return None


def _entries(resource: Resource, key: str) -> list[Resource]:
    entries = resource.get(key)
    listed = entries if isinstance(entries, list) else []
    return [entry for entry in listed if isinstance(entry, dict)]


def _words(values: object) -> list[str]:
    listed = values if isinstance(values, list) else []
    return list(filter(None, map(word_of, listed)))


def word_of(value: object) -> str:
    """Return text on one line, without characters that nobody sees (they can turn names around)."""
    if not isinstance(value, str):
        return ""
    seen = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", value))
    return " ".join("".join(c for c in seen if unicodedata.category(c)[0] != "C").split())
