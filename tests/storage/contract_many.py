"""What every store promises where many people are named at once: what concerns each, in one read."""

from datetime import datetime

from dispatch.people import Actor, NewPerson
from dispatch.ports import Store, Unit
from dispatch.request import DECIDED_FOR
from dispatch.usecases.administration import ImportPeople, import_people
from dispatch.usecases.groups import RemoveMember, remove_member
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import BeginLogin, begin_login
from dispatch.vocabulary import ClinicId, GroupKind, PersonId, RequestId
from tests.builders import FrozenClock, hours
from tests.statements import counted
from tests.storage.town import Town, actor

__all__ = ["TestMany"]


class TestMany:
    async def test_what_was_answered_to_many_is_what_their_pages_and_links_show(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        day = await town.beside("Daytime")
        mia, omar = town.mia.person_id, town.omar.person_id
        at = (clock.now() + hours(48),)
        old = [await self._answered(town, who) for who in (town.mia, town.omar)]
        there = {"clinic_id": day.id, "service_id": day.services[0].id}
        elsewhere = await self._answered(town, town.mia, **there)
        clock.advance(DECIDED_FOR)
        fresh = await self._answered(town, town.omar, times=at)
        await town.ask(town.mia)  # waits: its card says nothing of asking again
        await store.perform(begin_login, BeginLogin(f"{mia:064}"), town.mia)

        async def found(
            people: list[PersonId], clinics: list[ClinicId], ago: float = 90 * 24
        ) -> list[RequestId]:
            def look(unit: Unit, now: datetime) -> list[RequestId]:
                since, lately = now - hours(ago), now - DECIDED_FOR
                rows = unit.requests.answered_to(people, clinics, since, lately, now)
                assert all(r.times == (at if r.id == fresh else ()) for r in rows)
                return [r.id for r in rows]

            return await town.within(look)

        evening = [town.clinic.id]
        assert await found([mia, omar], evening) == [old[0], fresh], "Omar is not signed in"
        assert await found([mia, omar], [*evening, day.id]) == [old[0], elsewhere, fresh]
        assert await found([omar], evening) == [fresh]
        assert await found([mia, omar], evening, ago=1) == [fresh]
        assert await found([], evening) == await found([mia], []) == []
        clock.advance(hours(13))
        assert await found([mia, omar], evening) == [fresh], "her sign-in is over"

    async def test_each_host_is_told_with_the_clinics_of_all_their_groups(
        self, town: Town, other_town: Town
    ) -> None:
        evening, day = town.clinic, await town.beside("Daytime")
        both = {evening.host_group.id, other_town.clinic.host_group.id}
        ada, ben, mia = (who.person_id for who in (town.ada, town.ben, town.mia))
        await town.within(lambda unit, _: [unit.people.join_hosts(g, [ben]) for g in both])
        found = await town.within(lambda unit, _: unit.clinics.with_hosts({ada, ben, mia}))
        mine = frozenset({evening.id, day.id})
        assert found == {ada: mine, ben: mine | {other_town.clinic.id}, mia: frozenset()}
        assert not await town.within(lambda unit, _: unit.clinics.with_hosts([]))

    async def test_many_who_come_back_cost_no_more_reads_than_one(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        crowd = tuple(NewPerson(f"Pat {n}", f"N{n}") for n in range(24))
        patients, hosts = town.clinic.patient_group.id, town.clinic.host_group.id
        rosters = {
            GroupKind.PATIENTS: ImportPeople(crowd, "UTC", patient_groups=frozenset({patients})),
            GroupKind.HOSTS: ImportPeople(crowd, "UTC", host_groups=frozenset({hosts})),
        }
        group = {GroupKind.PATIENTS: patients, GroupKind.HOSTS: hosts}
        account = town.clinic.account_id
        for roster in rosters.values():
            await store.perform(import_people, roster, town.root)
        known = await town.within(
            lambda unit, _: unit.people.by_source(account, [one.source_identifier for one in crowd])
        )
        for person in known.values():
            who = await actor(store, person)
            await self._answered(town, who)

        async def comes_back(kind: GroupKind, people: list[PersonId]) -> int:
            for person in people:
                await store.perform(
                    remove_member, RemoveMember(kind, group[kind], person), town.root
                )
            head = {p: await town.cursor(f"patient:{p}") for p in people}
            with counted() as statements:
                await store.perform(import_people, rosters[kind], town.root)
            rung = {p for p in people if await town.cursor(f"patient:{p}") > head[p]}
            assert rung == (set(people) if kind is GroupKind.PATIENTS else set())
            return sum(1 for each in statements if each.lstrip().startswith("SELECT"))

        everybody = sorted(known.values())
        for kind in GroupKind:
            one = await comes_back(kind, everybody[:1])
            assert await comes_back(kind, everybody) == one

    @staticmethod
    async def _answered(town: Town, who: Actor, **changes: object) -> RequestId:
        asked = await town.ask(who, **changes)
        await town.store.perform(withdraw_request, WithdrawRequest(asked.number), who)
        return asked.id
