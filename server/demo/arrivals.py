"""Who asks next in the demo, and for what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from random import Random

from dispatch.clinic import Clinic
from dispatch.events import patient_stream
from dispatch.people import Actor
from dispatch.ports import Done, Reading, Store
from dispatch.stream import Projection
from dispatch.usecases.intake import DismissAnswer, SubmitRequest, dismiss_answer, submit_request
from dispatch.views import PatientCard
from dispatch.vocabulary import PersonId, RequestType
from server.demo.cast import PATIENT, PROVIDER, Cast
from server.demo.forms import answer_form
from server.demo.hours import at, working_day

_SCHEDULED = 0.3  # of all that ask
_NAMED = 0.2  # of those: for one provider
_ASKS_AT_MOST = 500  # people of a big roster who are looked at


@dataclass(frozen=True, slots=True)
class Wish:
    """What one patient wants; ``on_behalf`` means that the desk asks for them."""

    clinic: Clinic
    patient: PersonId
    times: tuple[datetime, ...] = ()
    host: PersonId | None = None
    on_behalf: bool = False


def everybody_who_may_ask(reading: Reading, cast: Cast) -> list[PersonId]:
    """Return the patients of both clinics, an imported roster's too, without the visitor's."""
    visitor = cast.people[PATIENT]
    in_north = reading.patients(cast.northside.id, "", _ASKS_AT_MOST)
    return [person.id for person in in_north if person.id != visitor]


def next_wish(cast: Cast, able: Collection[PersonId], now: datetime, chance: Random) -> Wish | None:
    """Return what the next of these people wants, or None when nobody is left."""
    if not able:
        return None
    patient = chance.choice(sorted(able))
    if chance.random() >= _SCHEDULED:
        return Wish(cast.northside, patient)
    bay = cast.harbor
    days = chance.sample(range(1, 8), chance.choice((1, 2, 2, 3)))
    times = tuple(
        at(
            working_day(now, bay.zone, ahead),
            chance.randrange(9, 16),
            chance.choice((0, 30)),
            bay.zone,
        )
        for ahead in days
    )
    # What is for the visitor's provider waits for the visitor, so the simulation adds none.
    named = [host for host in cast.hosts(bay) if host != cast.people[PROVIDER]]
    host = chance.choice(named) if chance.random() < _NAMED else None
    return Wish(bay, patient, times, host)


async def read_answers(store: Store, patient: Actor, now: datetime) -> None:
    """Dismiss what a patient was answered: nobody asks again before they have read that (V3)."""
    stream = patient_stream(patient.person_id)
    own = await store.read(lambda reading: reading.views(stream, Projection.PATIENT, None, now))
    for card in own:
        if isinstance(card, PatientCard) and card.awaits_dismissal:
            await store.perform(dismiss_answer, DismissAnswer(card.number), patient)


async def ask(store: Store, cast: Cast, wish: Wish, now: datetime, chance: Random) -> Done:
    """Submit it.

    Raises:
        DispatchError: it cannot be asked like that.
    """
    service = chance.choice(wish.clinic.services)
    form = await store.read(lambda reading: reading.form(wish.clinic.id))
    given, note = answer_form(form, service.name, now, chance)
    command = SubmitRequest(
        clinic_id=wish.clinic.id,
        service_id=service.id,
        type=RequestType.SCHEDULED if wish.times else RequestType.NOW,
        times=wish.times,
        target_host_id=wish.host,
        note=note,
        given=given,
        zone=wish.clinic.zone,
        requester_id=wish.patient if wish.on_behalf else None,
    )
    if wish.on_behalf:
        return await store.perform(submit_request, command, cast.desk(wish.clinic.id))
    actor = cast.actor(wish.patient)
    await read_answers(store, actor, now)
    return await store.perform(submit_request, command, actor)
