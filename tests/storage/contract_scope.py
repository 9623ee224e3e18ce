"""What every store promises about who may find what, and who is signed in."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.errors import DispatchError, NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading, Store, Unit
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.usecases.groups import RemoveMember, remove_member
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import BeginLogin, SetDisabled, begin_login, set_disabled
from dispatch.usecases.refusal import DeclineRequest, decline_request
from dispatch.vocabulary import GroupKind, LoginId, Role
from tests.builders import FrozenClock, a_person, hours, seconds
from tests.storage.town import Town

__all__ = ["TestScope", "TestSignIns"]


class TestScope:
    async def test_nothing_of_another_account_can_be_read(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        # S55 S67
        theirs = await other_town.ask(other_town.mia)
        mine, foreign = town.clinic.account_id, other_town.clinic
        assert await store.read(lambda reading: reading.request(mine, theirs.number)) is None
        assert await store.read(lambda reading: reading.clinic(mine, foreign.id)) is None

        def look(unit: Unit, now: datetime) -> tuple[object, ...]:
            return (
                unit.requests.by_number(mine, theirs.number),
                unit.clinics.get(mine, foreign.id),
                unit.people.get(mine, other_town.mia.person_id),
            )

        assert await town.within(look) == (None, None, None)

    async def test_everyone_finds_the_clinics_they_belong_to(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        async def clinics(actor: Actor) -> list[int]:
            return [c.id for c in await store.read(lambda reading: reading.clinics_of(actor))]

        for actor in (town.mia, town.ada, town.sam, town.root):
            assert await clinics(actor) == [town.clinic.id]
        assert await clinics(await town.newcomer("Nobody")) == []
        assert await clinics(other_town.mia) == [other_town.clinic.id]

    async def test_an_actor_carries_every_relation(self, store: Store, town: Town) -> None:
        clinic = town.clinic
        many = await town.newcomer(
            "Many Hats",
            schedules=frozenset({clinic.id}),
            hosts_in=frozenset({clinic.host_group.id}),
            asks_in=frozenset({clinic.patient_group.id}),
        )
        assert many.schedules == {clinic.id}
        assert many.hosts_in == {clinic.host_group.id}
        assert many.asks_in == {clinic.patient_group.id}
        assert not many.has_asked
        assert await town.within(lambda unit, now: unit.people.actor(many.person_id)) == many

    async def test_who_asked_once_is_known_for_that_wherever_they_are_read(
        self, store: Store, town: Town
    ) -> None:
        # S67: whoever asks for nothing new keeps the pages of what they asked for
        await store.perform(begin_login, BeginLogin("m" * 64), town.mia)
        mia, omar = town.mia.person_id, town.omar.person_id
        assert not town.mia.has_asked
        asked = await town.ask(town.mia)
        await store.perform(withdraw_request, WithdrawRequest(asked.number), town.mia)
        group = town.clinic.patient_group.id
        leave = RemoveMember(GroupKind.PATIENTS, group, mia)
        await store.perform(remove_member, leave, town.root)

        def query(reading: Reading) -> list[Actor | None]:
            now = asked.submitted_at
            (login,) = reading.logins([LoginId(n) for n in range(1, 40)], now).values()
            by_token = reading.login("m" * 64, now)
            return [reading.actor(mia), by_token[1] if by_token else None, login]

        for found in await store.read(query):
            assert found is not None
            assert (found.person_id, found.asks_in, found.has_asked) == (mia, frozenset(), True)
        other = await store.read(lambda reading: reading.actor(omar))
        assert other is not None
        assert (other.asks_in, other.has_asked) == (frozenset({group}), False)

    async def test_one_may_ask_while_a_clinic_of_ones_groups_is_open(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        async def may_ask(who: Actor) -> bool:
            again = await store.read(lambda reading: reading.actor(who.person_id))
            assert again
            assert again.asks_in == who.asks_in
            return again.may_ask

        nobody = await town.newcomer("Nobody")
        assert [await may_ask(w) for w in (town.mia, town.ada, nobody)] == [True, False, False]
        day = await town.beside("Daytime")
        for clinic, still in ((town.clinic, True), (day, False)):
            await store.perform(archive_clinic, ArchiveClinic(clinic.id), town.root)
            assert [await may_ask(w) for w in (town.mia, other_town.mia)] == [still, True]
        await store.perform(restore_clinic, RestoreClinic(day.id), town.root)
        assert await may_ask(town.mia)

    async def test_a_disabled_scheduler_is_told_nothing(self, store: Store, town: Town) -> None:
        # S16
        await store.perform(set_disabled, SetDisabled(town.sam.person_id, True), town.root)
        clinic = town.clinic.id
        assert not await town.within(lambda unit, now: list(unit.clinics.schedulers(clinic)))

    async def test_a_disabled_host_is_not_offered(self, store: Store, town: Town) -> None:
        # S37
        await store.perform(set_disabled, SetDisabled(town.ada.person_id, True), town.root)
        group = town.clinic.host_group.id
        hosts = await town.within(
            lambda unit, now: [p.id for p in unit.people.in_host_group(group)]
        )
        assert hosts == [town.ben.person_id]
        assert [p.id for p in await store.read(lambda r: r.hosts_of(group))] == hosts
        assert await store.read(lambda reading: reading.actor(town.ada.person_id)) is None

    async def test_people_are_looked_for_in_their_own_account(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        account = town.clinic.account_id
        zoe = await town.newcomer("Zoë Özil")
        await other_town.newcomer("Zoë Özil")

        async def found(matching: str, limit: int = 9) -> tuple[list[str], int]:
            def query(reading: Reading) -> tuple[list[str], int]:
                people = reading.people(account, matching, limit)
                return [p.name for p in people], reading.count_people(account, matching)

            return await store.read(query)

        assert await found("dr. ") == (["Dr. Ada Berg", "Dr. Ben Cole"], 2)
        assert await found("dr. ", 1) == (["Dr. Ada Berg"], 2)
        assert await found("ÖZIL") == (["Zoë Özil"], 1)
        assert await found("%") == ([], 0)
        assert (await found("", 1))[1] == 7
        people = await store.read(lambda reading: reading.people(account, "özil", 9))
        assert [p.id for p in people] == [zoe.person_id]

    async def test_roles_are_told_in_one_answer_and_outlast_being_disabled(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        nobody = await town.newcomer("Nobody")
        await store.perform(set_disabled, SetDisabled(town.ada.person_id, True), town.root)
        everybody = [town.mia, town.ada, town.sam, town.root, nobody, other_town.sam]
        ids = [actor.person_id for actor in everybody]
        told = await store.read(lambda reading: reading.roles(town.clinic.account_id, ids))
        assert told == {
            town.mia.person_id: {Role.REQUESTER},
            town.ada.person_id: {Role.HOST},
            town.sam.person_id: {Role.SCHEDULER},
            town.root.person_id: {Role.ADMINISTRATOR},
            nobody.person_id: set(),
        }

    async def test_a_clinic_s_schedulers_are_told_by_name(self, store: Store, town: Town) -> None:
        clinic = town.clinic.id
        await town.newcomer("Anna First", schedules=frozenset({clinic}))
        gone = await town.newcomer("Gone", schedules=frozenset({clinic}))
        await store.perform(set_disabled, SetDisabled(gone.person_id, True), town.root)
        told = await store.read(lambda reading: reading.schedulers_of(clinic))
        assert [person.name for person in told] == ["Anna First", "Sam Ortiz"]

    async def test_rights_are_those_of_the_moment_of_the_change(
        self, store: Store, town: Town
    ) -> None:
        # S55: whoever was somebody when the page was read need not be it any more
        asked = await town.ask()
        pretender = replace(town.omar, schedules=frozenset({town.clinic.id}))
        decline = DeclineRequest(asked.number, asked.version)
        with pytest.raises(NotFoundError):
            await store.perform(decline_request, decline, pretender)
        await store.perform(set_disabled, SetDisabled(town.sam.person_id, True), town.root)
        with pytest.raises(DispatchError):
            await store.perform(decline_request, decline, town.sam)
        assert await town.request(asked.number) == asked

    async def test_a_known_address_is_found_however_it_is_written(self, town: Town) -> None:
        account = town.clinic.account_id
        person = a_person(
            "Eve", account_id=account, email="Eve@Example.org", source_identifier="N1"
        )
        stored = await town.within(lambda unit, now: unit.people.add(person, "hash"))
        asked = ["eve@example.org", "EVE@EXAMPLE.ORG", "adam@example.org"]
        known = await town.within(lambda unit, now: unit.people.known_emails(asked))
        assert known == {"eve@example.org"}
        signs_in = await town.store.read(lambda reading: reading.credentials("EVE@example.org"))
        assert signs_in == (stored.id, "hash")
        found = await town.within(lambda unit, now: unit.people.by_source(account, ["N1", "N2"]))
        assert dict(found) == {"N1": stored.id}


class TestSignIns:
    TOKEN = "a" * 64

    async def test_a_sign_in_lasts_until_it_ends_expires_or_its_person_is_disabled(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        done = await store.perform(begin_login, BeginLogin(self.TOKEN, hours(1)), town.ada)

        async def who(after: timedelta = timedelta()) -> tuple[LoginId, Actor] | None:
            now, key = clock.now() + after, LoginId(done.entity.id)
            found = await store.read(lambda reading: reading.login(self.TOKEN, now))
            by_id = await store.read(lambda reading: reading.logins({key, LoginId(99)}, now))
            assert by_id == ({key: found[1]} if found else {}), "all ways agree"
            tokens = [self.TOKEN, "b" * 64]
            by_token = await store.read(lambda reading: reading.logins_by_token(tokens, now))
            assert by_token == ({self.TOKEN: found} if found else {}), "all ways agree"
            return found

        assert await who() == (done.entity.id, town.ada)
        assert await who(hours(1) - seconds(1))
        assert await who(hours(1)) is None
        assert await store.read(lambda reading: reading.login("b" * 64, clock.now())) is None
        await store.perform(set_disabled, SetDisabled(town.ada.person_id, True), town.root)
        assert await who() is None
        await store.perform(set_disabled, SetDisabled(town.ada.person_id, False), town.root)
        assert await who() is None, "enabling somebody does not bring an old sign-in back"

    async def test_ending_all_sign_ins_of_somebody_says_which_those_were(
        self, store: Store, town: Town
    ) -> None:
        begun = [
            LoginId((await store.perform(begin_login, BeginLogin(word * 64), who)).entity.id)
            for word, who in (("c", town.ada), ("d", town.ada), ("e", town.ben))
        ]
        ada, first = town.ada.person_id, begun[0]
        await town.within(lambda unit, now: unit.logins.end(first, ada, now))
        for expected in ([begun[1]], []):
            ended = await town.within(lambda unit, now: list(unit.logins.end_all(ada, now)))
            assert ended == expected

    async def test_ending_one_sign_in_leaves_the_others(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        done = await store.perform(begin_login, BeginLogin(self.TOKEN), town.ada)
        await store.perform(begin_login, BeginLogin("c" * 64), town.ada)
        login = LoginId(done.entity.id)
        await town.within(lambda unit, now: unit.logins.end(login, town.omar.person_id, now))
        assert await store.read(lambda reading: reading.login(self.TOKEN, clock.now())), (
            "not theirs"
        )
        await town.within(lambda unit, now: unit.logins.end(login, town.ada.person_id, now))
        assert await store.read(lambda reading: reading.login(self.TOKEN, clock.now())) is None
        assert await store.read(lambda reading: reading.login("c" * 64, clock.now()))
