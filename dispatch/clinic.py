"""A virtual clinic: one patient group, one host group, the services it offers and its targets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from dispatch.pending import TARGET_SECONDS
from dispatch.timetable import Closure, Hours, Timetable
from dispatch.vocabulary import AccountId, ClinicId, ClinicMode, GroupId, ServiceId

ROOM = "{room}"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UNAVAILABLE_TEXT = "This provider is not available right now."
DECLINED_TEXT = "We can't take this request."
EMERGENCY_TEXT = "If this is an emergency, call your local emergency number."
NOW_LIMIT_SECONDS = 4 * 3600  # a Now request nobody answers expires after this


@dataclass(frozen=True, slots=True)
class Group:
    """A patient group (who may ask) or a host group (who may answer)."""

    id: GroupId
    account_id: AccountId
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What is asked for (S5)."""

    id: ServiceId
    account_id: AccountId
    name: str
    description: str
    duration_minutes: int
    payment_required: str = ""  # in words, shown and never charged; empty for none

    @property
    def duration(self) -> timedelta:
        """Return the scheduling duration."""
        return timedelta(minutes=self.duration_minutes)


@dataclass(frozen=True, slots=True)
class Clinic:
    """Exactly one patient group linked to exactly one host group (S1)."""

    id: ClinicId
    account_id: AccountId
    name: str
    patient_group: Group
    host_group: Group
    mode: ClinicMode
    zone: str  # IANA name
    services: tuple[Service, ...] = ()
    target_seconds: int = TARGET_SECONDS
    nearly_seconds: int | None = None  # amber is off by default
    now_limit_seconds: int = NOW_LIMIT_SECONDS
    accepts_now: bool = True
    accepts_scheduled: bool = True
    declines_unavailable: bool = True  # V4: a directed Now request to an unavailable host
    sees_in_turn: bool = True  # people are seen as they come: a patient may be told their place
    unavailable_text: str = UNAVAILABLE_TEXT
    declined_text: str = DECLINED_TEXT
    phone: str = ""
    emergency_text: str = EMERGENCY_TEXT
    video_url: str = ""  # template with {room}
    hours: tuple[Hours, ...] = ()  # empty: at all hours
    closures: tuple[Closure, ...] = ()
    escalation_email: str = ""  # told of late requests that nobody looks at; empty: nobody is
    escalation_minutes: int = 5  # past the target, or since somebody last worked on it
    archived_at: datetime | None = None  # closed for good: nobody asks here any more

    @property
    def is_archived(self) -> bool:
        """Return whether it is history only."""
        return self.archived_at is not None

    @property
    def timetable(self) -> Timetable:
        """Return when it is open, in its own zone."""
        return Timetable(self.zone, self.hours, self.closures)

    def service(self, service_id: ServiceId) -> Service | None:
        """Return the offered service, or None when this clinic does not offer it."""
        return next((service for service in self.services if service.id == service_id), None)


def is_video_address(template: str) -> bool:
    """Return whether Join may lead there: a template of addresses on the web, or empty for none.

    Everybody who joins is sent to it, so it is no script, says nothing in the clear on the way, and
    names the room behind the host.
    """
    if not template:
        return True
    if "\\" in template or any(letter.isspace() or ord(letter) < 33 for letter in template):
        return False  # browsers read these as something else
    try:
        parts = urlsplit(template)
        host, _ = parts.hostname, parts.port
    except ValueError:  # brackets or a port that are none
        return False
    if ROOM not in f"{parts.path}?{parts.query}#{parts.fragment}":
        return False
    if not parts.scheme:
        return not parts.netloc and template.startswith("/")
    is_private = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return is_private and bool(host) and ROOM not in parts.netloc
