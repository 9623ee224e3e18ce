"""Harbor's public calendar, and its providers' own: open to patients and to whoever comes by."""

from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.usecases.booking_setup import (
    SetBooking,
    SetCalendar,
    SetEveryHost,
    set_booking,
    set_calendar,
    set_every_host,
)
from server.demo.cast import ACCOUNT, Cast

SLUG = "harbor"


async def open_calendars(store: Store, cast: Cast) -> None:
    """Open them, unless somebody has opened or closed any before."""
    bay, system = cast.harbor, system_actor(ACCOUNT)
    if await store.read(lambda reading: reading.public_calendars(bay.id)):
        return
    services = frozenset(service.id for service in bay.services)
    await store.perform(set_booking, SetBooking(True, services), system)
    own = SetCalendar(bay.id, None, SLUG, is_on=True, takes_unknown=True)
    await store.perform(set_calendar, own, system)
    await store.perform(set_every_host, SetEveryHost(bay.id, is_on=True), system)
