"""The audit in words: each kind of change as people say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.views import AuditLine
from dispatch.vocabulary import EntityKind

# What a kind begins with, and what its filter is called.
KINDS: Mapping[str, str] = {
    "request": "Requests",
    "session": "Sessions",
    "booking": "Bookings by people not known yet",
    "provider": "Availability",
    "person": "People and their rights",
    "login": "Sign-ins",
    "clinic": "Clinics",
    "service": "Services",
    "group": "Groups",
    "notice": "Messages",
    "form": "Questions",
    "calendar": "Public calendars",
    "account": "The account",
}
_WORDS: Mapping[str, str] = {
    "request.submitted": "Asked to be seen",
    "request.auto_declined": "Asked for a provider who was not available",
    "request.accepted": "Accepted the request",
    "request.declining": "Declined the request, undo was possible",
    "request.decline_undone": "Took the decline back",
    "request.declined": "The decline was sent",
    "request.withdrawn": "Withdrew the request",
    "request.expired": "Nobody answered the request in time",
    "request.returned": "Gave the request back to the queue",
    "request.claimed": "Began to decide",
    "request.taken_over": "Took over from somebody who was deciding",
    "request.released": "Stopped deciding",
    "request.claim_lapsed": "Stopped deciding: the page was gone",
    "request.passed": "Passed on the request",
    "request.escalated": "Nobody looked at it in time, so the clinic's address was told",
    "request.moved": "The request changed with its session",
    "request.dismissed": "Read the answer and put it away",
    "session.cancelled": "Cancelled the session",
    "session.created": "Made a session",
    "session.patient_arrived": "Entered the waiting room",
    "session.patient_left": "Left the waiting room",
    "session.started": "Began the session",
    "session.completed": "Ended the session",
    "session.patient_missed": "Noted that the patient did not come",
    "session.rescheduled": "Moved the session to another time",
    "session.host_changed": "Gave the session to another provider",
    "session.called_off": "Cancelled the session",
    "session.removed": "Removed the session without a message",
    "session.reminded": "Reminded the patient",
    "provider.available": "Turned availability on",
    "provider.unavailable": "Turned availability off",
    "provider.away": "Took a break",
    "provider.back": "Came back from a break",
    "provider.lapsed": "Availability came to its end",
    "provider.joined": "Began to answer in a clinic",
    "provider.slots_changed": "Changed appointment slots",
    "notice.sent": "A message went out",
    "notice.failed": "A message could not be delivered",
    "notice.no_address": "A message had nobody to go to",
    "notice.again": "A message is tried again",
    "booking.asked": "Asked for times without a sign-in",
    "booking.confirmed": "Confirmed their booking by e-mail",
    "calendar.opened": "Opened a public calendar",
    "calendar.closed": "Closed a public calendar",
    "calendar.account_changed": "Changed whether calendars are public",
    "person.zone_changed": "Chose another time zone",
    "person.video_link_changed": "Changed a provider's video link",
    "clinic.alerts_set": "Changed who is alerted",
    "clinic.video_changed": "Changed where video visits take place",
    "request.replies_changed": "Changed saved replies",
    "form.saved": "Changed the clinic's questions",
    "person.membership_changed": "Came in, or got other roles",
    "person.changed": "Changed their details",
    "person.invited": "Invited them to sign in",
    "person.password_chosen": "A password was chosen",
    "person.signed_out": "Signed them out everywhere",
    "person.disabled": "Disabled",
    "person.enabled": "Enabled",
    "person.joined_hosts": "Put into a host group",
    "person.left_hosts": "Taken out of a host group",
    "person.joined_patients": "Put into a patient group",
    "person.left_patients": "Taken out of a patient group",
    "person.joined_schedulers": "Made a scheduler of a clinic",
    "person.left_schedulers": "No longer a scheduler of a clinic",
    "login.begun": "Signed in",
    "login.ended": "Signed out",
    "clinic.created": "Made the clinic",
    "clinic.changed": "Changed the clinic's settings",
    "clinic.services_changed": "Changed what the clinic offers",
    "clinic.hours_changed": "Changed the clinic's hours",
    "clinic.closed": "Closed the clinic for some days",
    "clinic.opened": "Removed a closure",
    "clinic.archived": "Closed the clinic for good",
    "clinic.restored": "Opened the clinic again",
    "service.created": "Made the service",
    "service.changed": "Changed the service",
    "group.created": "Made the group",
    "group.renamed": "Gave the group another name",
    "account.changed": "Changed the account",
}
_THINGS: Mapping[EntityKind, str] = {
    EntityKind.REQUEST: "Request",
    EntityKind.PASS: "Request",
    EntityKind.SESSION: "Session of request",
}
_ROOMS: Mapping[EntityKind, str] = {
    EntityKind.CLINIC: "/admin/clinics/",
    EntityKind.SERVICE: "/admin/services/",
    EntityKind.PATIENT_GROUP: "/admin/groups/patients/",
    EntityKind.HOST_GROUP: "/admin/groups/hosts/",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its words; ``path`` is where the thing is looked after, if anywhere."""

    line: AuditLine
    did: str
    about: str
    path: str


def spoken(line: AuditLine) -> Spoken:
    """Return the line in words; a kind that has none yet is spelled out."""
    thing = _THINGS.get(line.entity, "")
    about = f"{thing} {line.about}".strip() if line.about else ""
    room = _ROOMS.get(line.entity)
    return Spoken(
        line,
        did=_WORDS.get(line.kind) or _spelled(line.kind),
        about=about,
        path=f"{room}{line.entity_id}" if room and line.about else "",
    )


def _spelled(kind: str) -> str:
    thing, _, verb = kind.partition(".")
    return f"{thing} {verb}".replace("_", " ").strip().capitalize()
