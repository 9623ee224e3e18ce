"""Who is who in the demo: found again at every start by the identifiers they were made with."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.vocabulary import AccountId, ClinicId, PersonId
from server.demo.places import HARBOR, NORTHSIDE

ACCOUNT = AccountId(1)  # the demo has its database to itself
EVERYBODY = 100_000

# Whom a visitor becomes by a sign-in link; the simulated people leave these four alone.
SCHEDULER = "demo:scheduler-1"
PROVIDER = "npi:0000000001"
PATIENT = "demo:patient-1"
ADMINISTRATOR = "demo:administrator-1"  # made last: without one the demo is half built

VISITORS = {
    "scheduler": SCHEDULER,
    "provider": PROVIDER,
    "patient": PATIENT,
    "administrator": ADMINISTRATOR,
}

NORTHSIDE_DESK = "demo:scheduler-2"
HARBOR_DESK = "demo:scheduler-3"
WITHOUT_EMAIL = "demo:patient-2"  # can be asked for by the desk only

# The nine providers, and the clinics whose host groups hold them.
PROVIDERS: Mapping[str, tuple[str, ...]] = {
    PROVIDER: (NORTHSIDE, HARBOR),
    "npi:0000000002": (NORTHSIDE,),
    "npi:0000000003": (NORTHSIDE, HARBOR),
    "npi:0000000004": (HARBOR,),
    "npi:0000000005": (NORTHSIDE,),
    "npi:0000000006": (HARBOR,),
    "demo:provider-1": (NORTHSIDE,),
    "demo:provider-2": (NORTHSIDE, HARBOR),
    "demo:provider-3": (HARBOR,),
}


class DemoError(Exception):
    """The demo cannot start on this database; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo's clinics, and everybody by source identifier."""

    northside: Clinic
    harbor: Clinic
    people: Mapping[str, PersonId]

    @property
    def clinics(self) -> tuple[Clinic, Clinic]:
        """Return both clinics."""
        return self.northside, self.harbor

    def actor(self, who: str | PersonId) -> Actor:
        """Return somebody who acts; the store gives them the rights that they have by then."""
        key = self.people[who] if isinstance(who, str) else who
        return Actor(key, ACCOUNT, "")

    def desk(self, clinic_id: ClinicId) -> Actor:
        """Return the simulated scheduler of a clinic."""
        return self.actor(NORTHSIDE_DESK if clinic_id == self.northside.id else HARBOR_DESK)

    def hosts(self, clinic: Clinic) -> list[PersonId]:
        """Return those of the nine providers who answer in that clinic."""
        name = NORTHSIDE if clinic.id == self.northside.id else HARBOR  # whatever it is called now
        return [self.people[who] for who, where in PROVIDERS.items() if name in where]

    def patients(self) -> list[PersonId]:
        """Return the demo's own patients, but not the visitor's."""
        return [
            key
            for who, key in self.people.items()
            if who.startswith(("mrn:NS-", "demo:patient-")) and who != PATIENT
        ]


def find_cast(reading: Reading) -> Cast | None:
    """Return the demo's people, or None for an empty database.

    Raises:
        DemoError: the database holds something else, or a demo that was never finished.
    """
    people = {
        person.source_identifier: person.id
        for person in reading.people(ACCOUNT, "", EVERYBODY)
        if person.source_identifier
    }
    everything = Actor(PersonId(0), ACCOUNT, "", is_administrator=True)
    clinics = sorted(reading.clinics_of(everything), key=lambda clinic: clinic.id)
    if ADMINISTRATOR in people:  # a visitor may have renamed clinics, or made others since
        return Cast(clinics[0], clinics[1], people)
    if not people and not clinics and not reading.people(ACCOUNT, "", 1):
        return None
    names = {clinic.name for clinic in clinics}
    if not names <= {NORTHSIDE, HARBOR} or (people and not clinics):
        raise DemoError(
            "This database holds something else than the demo, so the demo leaves it alone. "
            "Name another file in DISPATCH_DATABASE_URL, or delete the demo's own with --reset."
        )
    raise DemoError(
        "The demo was stopped while it was first set up. Run it once with --reset, "
        "then start it again."
    )
