"""What every store promises about whom a message goes to: who may read it when it is sent."""

from datetime import datetime

from dispatch.events import EntityRef
from dispatch.notice import FOR_STAFF, Addressee
from dispatch.ports import Unit
from dispatch.usecases.alerts import SetAlerts, set_alerts
from dispatch.usecases.groups import RemoveMember, remove_member
from dispatch.usecases.schedulers import (
    AddScheduler,
    RemoveScheduler,
    add_scheduler,
    remove_scheduler,
)
from dispatch.vocabulary import EntityKind, GroupKind, NoticeKind
from tests.builders import FrozenClock, hours
from tests.storage.contract_post import accepted, letters
from tests.storage.town import Town

__all__ = ["TestAddressees"]


async def addressed(town: Town, clock: FrozenClock) -> set[str]:
    """Return who would be sent something now."""
    return {one.name for one in await letters(town, clock) if one.address}


class TestAddressees:
    async def test_what_waits_for_staff_goes_nowhere_once_the_request_is_not_theirs_to_know_of(
        self, town: Town, clock: FrozenClock
    ) -> None:
        # S28 S67: a mail server that was away for hours gets what they may read now, not then
        asked = await town.ask(times=(clock.now() + hours(3),))
        before = await addressed(town, clock)
        assert {"Sam Ortiz", "Dr. Ada Berg", "Dr. Ben Cole", "Mia Chen"} <= before
        sam, ada = town.sam.person_id, town.ada.person_id
        clinic, group = town.clinic, town.clinic.host_group.id

        def say(unit: Unit, now: datetime) -> None:
            about = EntityRef(EntityKind.REQUEST, asked.id)
            for kind in FOR_STAFF:
                unit.notify(kind, [sam, ada], about)

        await town.within(say)
        await town.store.perform(remove_scheduler, RemoveScheduler(clinic.id, sam), town.root)
        gone = RemoveMember(GroupKind.HOSTS, group, ada)
        await town.store.perform(remove_member, gone, town.root)
        assert await addressed(town, clock) == before - {"Sam Ortiz", "Dr. Ada Berg"}
        await town.store.perform(add_scheduler, AddScheduler(clinic.id, sam), town.root)
        assert "Sam Ortiz" in await addressed(town, clock)

    async def test_what_waits_for_a_host_goes_nowhere_once_another_is_asked_for(
        self, town: Town, clock: FrozenClock
    ) -> None:
        ada, times = town.ada.person_id, (clock.now() + hours(3),)
        asked = await town.ask(times=times, target_host_id=ada)

        def say(unit: Unit, now: datetime) -> None:
            both = [ada, town.ben.person_id]
            about = EntityRef(EntityKind.REQUEST, asked.id)
            unit.notify(NoticeKind.NEW_REQUEST, both, about, 1)

        await town.within(say)
        assert await addressed(town, clock) == {"Dr. Ada Berg", "Sam Ortiz", "Mia Chen"}

    async def test_whose_session_it_is_is_told_of_it_also_when_they_have_left_the_clinic(
        self, town: Town, clock: FrozenClock
    ) -> None:
        await accepted(town, clock)
        gone = RemoveMember(GroupKind.HOSTS, town.clinic.host_group.id, town.ada.person_id)
        await town.store.perform(remove_member, gone, town.root)
        told = [one for one in await letters(town, clock) if one.kind is NoticeKind.ASSIGNED]
        assert [(one.name, bool(one.address)) for one in told] == [("Dr. Ada Berg", True)]

    async def test_an_escalation_goes_to_the_address_that_the_clinic_has_by_then(
        self, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask(times=(clock.now() + hours(3),))
        about, clinic = EntityRef(EntityKind.REQUEST, asked.id), town.clinic.id
        wrong = Addressee(asked.account_id, "on-cal@example.org", "on-call team", "UTC")
        await town.within(lambda unit, now: unit.notify_address(NoticeKind.ESCALATED, wrong, about))
        for right in ("on-call@example.org", ""):
            await town.store.perform(set_alerts, SetAlerts(clinic, right, 5), town.root)
            (told,) = (o for o in await letters(town, clock) if o.kind is NoticeKind.ESCALATED)
            assert told.address == right
