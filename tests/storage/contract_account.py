"""What every store promises about an account's own things: its name, groups, services and clinics."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from dispatch.account import Account
from dispatch.clinic import Clinic
from dispatch.people import Person
from dispatch.ports import Reading, Store, Unit
from dispatch.stream import Projection
from dispatch.timetable import Closure, Hours
from dispatch.usecases.accounts import ChangeAccount, change_account
from dispatch.usecases.archive import (
    ArchiveClinic,
    RestoreClinic,
    archive_clinic,
    restore_clinic,
)
from dispatch.usecases.assignment import AcceptRequest, accept_request
from dispatch.usecases.intake import WithdrawRequest, withdraw_request
from dispatch.usecases.logins import SetDisabled, set_disabled
from dispatch.usecases.visits import FinishVisit, StartVisit, finish_visit, start_visit
from dispatch.views import ProviderRow, Unfinished
from dispatch.vocabulary import GroupKind, ServiceId, SessionId
from tests.builders import FrozenClock, a_service, hours
from tests.storage.town import Town

__all__ = ["TestAccount", "TestAudit"]


class TestAccount:
    async def test_an_account_keeps_its_name_and_zone(self, store: Store, town: Town) -> None:
        account = town.clinic.account_id
        command = ChangeAccount("Lakeside", "America/Denver")
        await store.perform(change_account, command, town.root)
        found = await store.read(lambda reading: reading.account(account))
        assert found == Account(account, "Lakeside", "America/Denver")

    async def test_a_person_is_kept_as_they_were_saved(
        self, store: Store, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        account, mia = town.clinic.account_id, town.mia.person_id
        at = clock.now().replace(microsecond=0)

        def change(unit: Unit, now: datetime) -> Person:
            person = unit.people.get(account, mia)
            assert person
            changed = replace(
                person,
                name="Mia Oak",
                email="oak@example.org",
                phone="555",
                zone="Asia/Tokyo",
                is_administrator=True,
                invited_at=at,
            )
            unit.people.save(changed)
            unit.people.set_password(mia, "new hash")
            return changed

        changed = await town.within(change)
        assert await store.read(lambda reading: reading.person(account, mia)) == changed
        strange = other_town.clinic.account_id
        assert await store.read(lambda reading: reading.person(strange, mia)) is None
        assert await store.read(lambda reading: reading.invitee(mia)) == changed
        assert await store.read(lambda reading: reading.invitee(town.ada.person_id)) is None
        found = await store.read(lambda reading: reading.credentials("oak@example.org"))
        assert found == (mia, "new hash")
        words = ("new hash", "old hash", "")
        held = await town.within(lambda unit, _: [unit.people.has_password(mia, w) for w in words])
        assert held == [True, False, False]
        there = await town.within(lambda unit, now: unit.people.administrators(account))
        assert set(there) == {town.root.person_id, mia}

    async def test_a_clinic_is_kept_as_it_was_saved(self, store: Store, town: Town) -> None:
        clinic = town.clinic
        week = (Hours(0, 540, 1020), Hours(6, 0, 1440))
        closed = (Closure(date(2026, 12, 25), date(2026, 12, 26), "Christmas"),)
        changed = replace(
            clinic,
            name="Dusk",
            nearly_seconds=200,
            services=clinic.services[::-1],
            hours=week,
            closures=closed,
        )

        def save(unit: Unit, now: datetime) -> Clinic | None:
            unit.clinics.lock(clinic.id)
            unit.clinics.save(changed)
            return unit.clinics.get(clinic.account_id, clinic.id)

        assert await town.within(save) == changed
        account = clinic.account_id
        assert await store.read(lambda reading: reading.clinic(account, clinic.id)) == changed
        assert await town.within(lambda unit, now: unit.clinics.of_account(account)) == [changed]

    async def test_what_goes_on_in_a_clinic_is_counted(
        self, store: Store, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        async def counted() -> Unfinished:
            seen = await store.read(lambda reading: reading.unfinished(town.clinic.id))
            assert seen == await town.within(
                lambda unit, now: unit.clinics.unfinished(town.clinic.id)
            )
            return seen

        await other_town.ask()
        assert await counted() == Unfinished(0, 0)
        waiting, taken = await town.ask(town.mia), await town.ask(town.omar)
        assert await counted() == Unfinished(2, 0)
        accept = AcceptRequest(taken.number, taken.version, town.ada.person_id)
        confirmed = replace(accept, confirmed=frozenset({"unavailable"}))
        session = SessionId((await store.perform(accept_request, confirmed, town.sam)).entity.id)
        assert await counted() == Unfinished(1, 1)
        await store.perform(withdraw_request, WithdrawRequest(waiting.number), town.mia)
        await store.perform(start_visit, StartVisit(session), town.ada)
        assert await counted() == Unfinished(0, 1)
        await store.perform(finish_visit, FinishVisit(session), town.ada)
        assert await counted() == Unfinished(0, 0)

    async def test_an_archived_clinic_uses_nothing_and_lists_nobody_until_it_is_restored(
        self, store: Store, town: Town, clock: FrozenClock
    ) -> None:
        account, clinic = town.clinic.account_id, town.clinic

        async def listed() -> tuple[set[str], set[str], list[str]]:
            groups = await store.read(lambda reading: reading.groups_in_use(account))
            services = await store.read(lambda reading: reading.services_in_use(account))
            board = await store.read(
                lambda reading: reading.views(town.stream, Projection.BOARD, None, clock.now())
            )
            return (
                {name for each in groups for name in each.clinics},
                {name for each in services for name in each.clinics},
                [view.name for view in board if isinstance(view, ProviderRow)],
            )

        before = await listed()
        assert before[0] == before[1] == {clinic.name}
        await store.perform(archive_clinic, ArchiveClinic(clinic.id), town.root)
        kept = await store.read(lambda reading: reading.clinic(account, clinic.id))
        assert kept == replace(clinic, archived_at=clock.now())
        assert await listed() == (set(), set(), [])
        await store.perform(restore_clinic, RestoreClinic(clinic.id), town.root)
        assert await listed() == before
        assert await store.read(lambda reading: reading.clinic(account, clinic.id)) == clinic

    @pytest.mark.parametrize("kind", GroupKind)
    async def test_groups_are_made_renamed_joined_and_left(
        self, store: Store, town: Town, other_town: Town, kind: GroupKind
    ) -> None:
        account, ada = town.clinic.account_id, town.ada.person_id
        is_hosts = kind is GroupKind.HOSTS

        def change(unit: Unit, now: datetime) -> None:
            made = unit.groups.add(account, kind, "Night")
            unit.groups.rename(kind, made.id, "Late")
            late = replace(made, name="Late")
            assert unit.groups.get(account, kind, made.id) == late
            assert unit.groups.get(other_town.clinic.account_id, kind, made.id) is None
            assert late in unit.groups.of_account(account, kind)
            assert unit.groups.clinics(kind, made.id) == []
            assert not unit.groups.holds(kind, made.id, ada)
            join = unit.people.join_hosts if is_hosts else unit.people.join_patients
            assert join(made.id, [ada]) == {ada}
            assert join(made.id, [ada, town.ben.person_id]) == {town.ben.person_id}
            assert join(made.id, []) == frozenset()
            unit.groups.leave(kind, made.id, town.ben.person_id)
            assert unit.groups.holds(kind, made.id, ada)
            unit.groups.leave(kind, made.id, ada)
            assert not unit.groups.holds(kind, made.id, ada)

        await town.within(change)
        used = town.clinic.host_group if is_hosts else town.clinic.patient_group
        clinics = await town.within(
            lambda unit, now: [clinic.id for clinic in unit.groups.clinics(kind, used.id)]
        )
        assert clinics == [town.clinic.id]
        assert await store.read(lambda reading: reading.group(account, kind, used.id)) == used
        listed = await store.read(lambda reading: reading.groups_in_use(account))
        assert [
            (each.group.name, each.members, list(each.clinics))
            for each in listed
            if each.kind is kind
        ] == [(used.name, 2, ["Evening Clinic"]), ("Late", 0, [])]

    async def test_members_are_looked_for_by_name(self, store: Store, town: Town) -> None:
        group = town.clinic.host_group.id

        def found(reading: Reading, matching: str, limit: int = 9) -> tuple[list[str], int]:
            people = reading.members(GroupKind.HOSTS, group, matching, limit)
            count = reading.count_members(GroupKind.HOSTS, group, matching)
            return [person.name for person in people], count

        assert await store.read(lambda r: found(r, "")) == (["Dr. Ada Berg", "Dr. Ben Cole"], 2)
        assert await store.read(lambda r: found(r, "", 1)) == (["Dr. Ada Berg"], 2)
        assert await store.read(lambda r: found(r, "COLE")) == (["Dr. Ben Cole"], 1)

    async def test_services_are_kept_and_known_by_who_offers_them(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        account = town.clinic.account_id
        draft = a_service(id=ServiceId(0), account_id=account, name="Advice by night")
        made = await town.within(lambda unit, now: unit.services.add(draft))
        changed = replace(made, name="Night advice", payment_required="$5", duration_minutes=7)
        await town.within(lambda unit, now: unit.services.save(changed))
        assert await store.read(lambda reading: reading.service(account, made.id)) == changed
        foreign = other_town.clinic.account_id
        assert await store.read(lambda reading: reading.service(foreign, made.id)) is None
        listed = await store.read(lambda reading: reading.services_in_use(account))
        assert [(each.service.name, list(each.clinics)) for each in listed] == [
            ("Evening advice", ["Evening Clinic"]),
            ("Evening visit", ["Evening Clinic"]),
            ("Night advice", []),
        ]

    async def test_schedulers_come_and_go(self, town: Town) -> None:
        clinic, omar = town.clinic.id, town.omar.person_id

        def change(unit: Unit, now: datetime) -> None:
            assert unit.people.schedules(omar) == frozenset()
            unit.clinics.add_scheduler(clinic, omar)
            assert unit.people.schedules(omar) == {clinic}
            unit.clinics.remove_scheduler(clinic, town.ada.person_id)
            unit.clinics.remove_scheduler(clinic, omar)
            assert unit.people.schedules(omar) == frozenset()
            assert town.sam.person_id in unit.clinics.schedulers(clinic)

        await town.within(change)

    async def test_a_person_is_known_to_their_own_account(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        account, mia = town.clinic.account_id, town.mia.person_id
        found = await store.read(lambda reading: reading.person(account, mia))
        assert found
        assert found.name == "Mia Chen"
        foreign = other_town.clinic.account_id
        assert await store.read(lambda reading: reading.person(foreign, mia)) is None

    async def test_a_disabled_scheduler_is_still_listed(self, store: Store, town: Town) -> None:
        await store.perform(set_disabled, SetDisabled(town.sam.person_id, True), town.root)
        listed = await store.read(lambda reading: reading.scheduling(town.clinic.id))
        assert [(person.name, person.is_disabled) for person in listed] == [("Sam Ortiz", True)]

    async def test_what_rows_show_is_who_waits_what_is_to_come_and_what_was_just_decided(
        self, store: Store, town: Town, other_town: Town, clock: FrozenClock
    ) -> None:
        waiting, taken = await town.ask(town.mia), await town.ask(town.omar)
        await other_town.ask()
        accept = AcceptRequest(taken.number, taken.version, town.ada.person_id)
        confirmed = replace(accept, confirmed=frozenset({"unavailable"}))
        session = (await store.perform(accept_request, confirmed, town.sam)).entity.id
        account = town.clinic.account_id

        async def shown() -> tuple[list[int], list[int]]:
            return await town.within(
                lambda unit, now: (
                    [r.id for r in unit.requests.shown(account, now - hours(24))],
                    [s.id for s in unit.sessions.shown(account, now)],
                )
            )

        assert await shown() == ([waiting.id, taken.id], [session])
        await store.perform(withdraw_request, WithdrawRequest(waiting.number), town.mia)
        assert await shown() == ([waiting.id, taken.id], [session])
        clock.advance(hours(24))
        assert await shown() == ([], [])


class TestAudit:
    async def test_the_youngest_comes_first_and_names_who_and_what(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        account = town.clinic.account_id
        asked = await town.ask()
        await other_town.ask()
        await store.perform(withdraw_request, WithdrawRequest(asked.number), town.mia)
        lines = await store.read(lambda r: r.audit(account, kinds="request.", limit=9))
        assert [(line.actor, line.kind, line.about) for line in lines] == [
            ("Mia Chen", "request.withdrawn", str(asked.number)),
            ("Mia Chen", "request.submitted", str(asked.number)),
        ]
        older = await store.read(lambda r: r.audit(account, before=lines[1].id, limit=1))
        assert [(line.actor, line.kind, line.about) for line in older] == [
            ("The system", "person.membership_changed", "Ruth Gold")
        ]
        of_sam = await store.read(lambda r: r.audit(account, actor=town.sam.person_id, limit=9))
        assert of_sam == []
