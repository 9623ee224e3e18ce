"""The race for one request: many people press at once, and what they were told must fit one order.

    field = await gather_at(store, clinic, origins, rows, people=50)
    report = await race(field, rounds=500, seed=7)      # raises AssertionError at the first wrong round

``origins`` are the workers' addresses, taken in turn, so that two people who sit side by side press
on different workers; ``rows`` looks into the database itself. Every second round all of them accept,
the others mix accept, decline, undo, withdraw, claim and take over. After each round the history must
be linearizable against ``waiting_request``, and the database must hold exactly what was acknowledged:
one end, one session and one invitation if it was accepted, one event and one audit row for each
command that changed something. ``make test`` runs 20 rounds, ``make chaos`` 500. (F23, S65, I5)
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from dispatch.clinic import Clinic
from dispatch.events import clinic_stream
from dispatch.people import Actor, system_actor
from dispatch.ports import Store
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.usecases.intake import SubmitRequest, submit_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import PersonId, RequestNumber, RequestType
from server.web.login import hash_of, new_token
from tests.builders import a_person
from tests.races.linear import Call, one_order
from tests.races.waiting_request import DONE, WAS_SO, Press, Told, Verb, Waiting, press, understood
from tests.storage.town import actor as actor_of

Rows = Callable[[str], Awaitable[Sequence[tuple[object, ...]]]]
PATHS: dict[Verb, str] = {
    "accept": "acceptance",
    "decline": "decline",
    "undo": "decline/undo",
    "withdraw": "withdrawal",
    "claim": "claim",
    "take over": "claim",
}
VERBS: list[Verb] = ["accept", "claim", "take over", "decline", "undo"]
MOST_TRIES = 4
FROM_US = {"sec-fetch-site": "same-origin", "accept": "application/json"}


@dataclass(frozen=True)
class Racer:
    """Somebody with a browser of their own, on one of the workers."""

    name: str
    actor: Actor
    page: int
    client: httpx2.AsyncClient

    async def press(
        self, number: RequestNumber, button: Press, at: datetime, hosts: Sequence["Racer"]
    ) -> Call[Press, Told]:
        """Send the form until there is an answer to it; return what was pressed and told, and when.

        Fifty who wait for one row on a machine that is busy elsewhere may wait longer than a lock
        may be waited for; they are asked to try again, and do, with the same key.
        """
        person = self.actor.person_id
        host = person if self.actor.hosts_in else hosts[person % len(hosts)].actor.person_id
        form = {
            "version": str(button.version),
            "host": str(host),
            "time": at.isoformat(),
            "confirm": "unavailable",
            "tab": f"tab-of-{person:08}",
            "key": f"{self.page}-of-{person:08}-for-{number}",
        }
        if button.verb == "take over":
            form["take_over"] = "1"
        asked_at = time.perf_counter()
        for _ in range(MOST_TRIES):
            answer = await self.client.post(f"/requests/{number}/{PATHS[button.verb]}", data=form)
            if answer.status_code != 503:  # "Nothing was changed. Try again."
                break
        answered_at = time.perf_counter()
        said = answer.json()
        was_there = said.get("was_there", False)
        told = understood(answer.status_code, said.get("sentence", ""), was_there=was_there)
        return Call(asked_at, answered_at, button, told)


@dataclass(frozen=True)
class Field:
    """Everybody who may press, and where to look at what became of it."""

    store: Store
    clinic: Clinic
    schedulers: Sequence[Racer]
    hosts: Sequence[Racer]
    patients: Sequence[Racer]  # each with two pages, on different workers
    rows: Rows


@dataclass
class Report:
    """What a race came to."""

    seed: int
    rounds: int = 0
    calls: int = 0
    told: Counter[str] = field(default_factory=Counter)
    winners: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def gather_at(
    store: Store, clinic: Clinic, origins: Sequence[str], rows: Rows, people: int = 50
) -> AsyncIterator[Field]:
    """Yield a field of so many schedulers and hosts, half and half, each with an open connection."""
    async with AsyncExitStack() as stack:
        count = 0

        async def racer(name: str, *, pages: int = 1, **relations: Any) -> list[Racer]:
            nonlocal count
            actor = await _person(store, clinic, name, **relations)
            found = []
            for page in range(pages):
                token = new_token()
                await store.perform(begin_login, BeginLogin(hash_of(token)), actor)
                client = httpx2.AsyncClient(
                    base_url=origins[count % len(origins)],
                    cookies={"dispatch_login": token},
                    headers=FROM_US,
                    trust_env=False,
                    timeout=30,
                )
                count += 1
                await stack.enter_async_context(client)
                await client.get("/sign-in")
                found.append(Racer(name, actor, page, client))
            return found

        half = people // 2
        in_hosts = frozenset({clinic.host_group.id})
        schedules = frozenset({clinic.id})
        asks = frozenset({clinic.patient_group.id})
        yield Field(
            store,
            clinic,
            [
                one
                for n in range(half)
                for one in await racer(f"Scheduler {n}", schedules=schedules)
            ],
            [one for n in range(half) for one in await racer(f"Provider {n}", hosts_in=in_hosts)],
            [one for n in range(4) for one in await racer(f"Patient {n}", pages=2, asks_in=asks)],
            rows,
        )


async def race(field: Field, rounds: int, seed: int) -> Report:
    """Run so many rounds, and hold each against the specification and the database."""
    chance, report = random.Random(seed), Report(seed)
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    for turn in range(rounds):
        one, two = field.patients[2 * (turn % 4) : 2 * (turn % 4) + 2]
        at = start + timedelta(hours=turn)  # so that no session meets another
        asked = SubmitRequest(
            field.clinic.id, field.clinic.services[0].id, RequestType.SCHEDULED, (at,)
        )
        done = await field.store.perform(submit_request, asked, one.actor)
        assert done.number
        where = f"seed {seed}, round {turn}, request {done.number}"
        pressing = _pressing(field, chance, (one, two) if turn % 2 else ())
        calls = await asyncio.gather(
            *(racer.press(done.number, button, at, field.hosts) for racer, button in pressing)
        )
        assert one_order(calls, Waiting(), press) is not None, f"{where}: no order explains {calls}"
        [first] = [rank for rank, call in enumerate(calls) if ends(call)]
        for rank, told in (first, WAS_SO), (first - 1, calls[first - 1].answer):
            racer, button = pressing[rank]  # the same key once more, as after a lost answer
            again = await racer.press(done.number, button, at, field.hosts)
            assert is_same(again.answer, told), f"{where}: {again} after {told}"
        assert await kept(field, done.entity.id) == acknowledged(calls), where
        report.rounds += 1
        report.calls += len(calls)
        report.told.update(call.answer.what for call in calls)
        report.winners[calls[first].operation.who] += 1
    return report


def _pressing(
    field: Field, chance: random.Random, patients: Sequence[Racer]
) -> list[tuple[Racer, Press]]:
    """Return who presses what, in the order of their fingers; with patients, all kinds of things."""
    pressing = [(one, Press("accept", one.name)) for one in (*field.schedulers, *field.hosts)]
    if patients:
        haste = chance.choice([2, 10, 40])  # so that some rounds end late, and some at once
        pressing = [(one, _any(one, haste, chance)) for one, _ in pressing]
        pressing += [(one, Press("withdraw", one.name)) for one in patients]
    return chance.sample(pressing, len(pressing))


def _any(one: Racer, haste: int, chance: random.Random) -> Press:
    # A host of a group can only pass, so they neither decline nor undo.
    weights = [haste, 40, 10, 0, 0] if one.actor.hosts_in else [haste, 25, 8, 12, 5]
    version = chance.choices([1, 2, 3], [80, 15, 5])[0]
    return Press(chance.choices(VERBS, weights)[0], one.name, version)


def ends(call: Call[Press, Told]) -> bool:
    """Return whether the request was over with this."""
    return call.answer == DONE and call.operation.verb in ("accept", "withdraw")


def is_same(again: Told, before: Told) -> bool:
    """Return whether a second answer to the same key keeps what the first one said was done."""
    return again == before if before == WAS_SO else (again == WAS_SO) == (before == DONE)


def acknowledged(calls: Sequence[Call[Press, Told]]) -> Counter[str]:
    """Return what the database must hold, if what people were told is true."""
    done = Counter(call.operation.verb for call in calls if call.answer == DONE)
    events = {
        "request.submitted": 1,
        "request.accepted": done["accept"],
        "request.withdrawn": done["withdraw"],
        "request.declining": done["decline"],
        "request.decline_undone": done["undo"],
        "claims": done["claim"] + done["take over"],
    }
    rows = {"audit": 1 + done.total(), "session": done["accept"], "invitation": done["accept"]}
    return +Counter({**events, **rows})


async def kept(field: Field, request_id: int) -> Counter[str]:
    """Return what the database holds about a request."""
    found: Counter[str] = Counter()
    stream = clinic_stream(field.clinic.id)
    about = f"entity_kind = 'request' AND entity_id = {request_id}"
    for kind, count in await field.rows(
        f"SELECT kind, count(*) FROM event WHERE stream = '{stream}' AND {about} GROUP BY kind"
    ):
        is_claim = kind in ("request.claimed", "request.taken_over")
        found["claims" if is_claim else str(kind)] += int(str(count))
    sessions = f"SELECT id FROM video_session WHERE request_id = {request_id}"
    for what, query in {
        "audit": f"SELECT count(*) FROM audit WHERE {about}",
        "session": f"SELECT count(*) FROM ({sessions}) AS made",
        "invitation": "SELECT count(*) FROM outbox WHERE kind = 'invitation' "
        f"AND about_kind = 'session' AND about_id IN ({sessions})",
    }.items():
        [(count,)] = await field.rows(query)
        found[what] = int(str(count))
    return +found


async def _person(store: Store, clinic: Clinic, name: str, **relations: Any) -> Actor:
    command = CreatePerson(a_person(name, account_id=clinic.account_id), **relations)
    done = await store.perform(create_person, command, system_actor(clinic.account_id))
    return await actor_of(store, PersonId(done.entity.id))
