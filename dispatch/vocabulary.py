"""The words of the field: every status, verb and id that the rest of the house spells the same."""

from enum import StrEnum
from typing import NewType

AccountId = NewType("AccountId", int)
PersonId = NewType("PersonId", int)
GroupId = NewType("GroupId", int)
ClinicId = NewType("ClinicId", int)
ServiceId = NewType("ServiceId", int)
RequestId = NewType("RequestId", int)  # the row; what people read aloud is its number
RequestNumber = NewType("RequestNumber", int)  # "Request #": rises within an account, never reused
SessionId = NewType("SessionId", int)
LoginId = NewType("LoginId", int)
NoticeId = NewType("NoticeId", int)
CalendarId = NewType("CalendarId", int)
BookingId = NewType("BookingId", int)
ReplyId = NewType("ReplyId", int)
CalendarRuleId = NewType("CalendarRuleId", int)


class RequestType(StrEnum):
    """How soon the requester wants to be seen (S2); the values are the board's words (S70)."""

    NOW = "Now"
    SCHEDULED = "Scheduled"


class RequestStatus(StrEnum):
    """Where a session request stands. All but pending are terminal, save return to queue."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What somebody may do to a session request."""

    SUBMIT = "submit"
    CLAIM = "claim"
    PASS = "pass"
    ACCEPT = "accept"
    DECLINE = "decline"
    UNDO_DECLINE = "undo_decline"
    COMPLETE_DECLINE = "complete_decline"
    AUTO_DECLINE = "auto_decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    RETURN_TO_QUEUE = "return_to_queue"
    DISMISS = "dismiss"  # the answer was read


class SessionStatus(StrEnum):
    """Where a video session stands. From in progress on, nothing about its plan changes."""

    READY = "ready"  # made from a Now request: both can enter at once
    SCHEDULED = "scheduled"
    PATIENT_WAITING = "patient_waiting"  # in the waiting room, with an open page
    PATIENT_AWAY = "patient_away"  # was there, and has left or lost the connection
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW_PATIENT = "no_show_patient"
    NO_SHOW_HOST = "no_show_host"


class VideoKind(StrEnum):
    """How a clinic's visits get their video link."""

    NONE = "none"  # the two meet by other means
    ADDRESS = "address"  # a template with an unguessable room
    HOST_LINK = "host_link"  # each provider's own fixed link
    JITSI = "jitsi"  # a room of a Jitsi server that asks for a signed token


class SessionVerb(StrEnum):
    """What somebody may do to a video session."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    START = "start"
    COMPLETE = "complete"
    RESCHEDULE = "reschedule"
    CHANGE_HOST = "change_host"
    REMIND = "remind"
    CANCEL = "cancel"
    RETURN = "return"  # the part of return to queue that the session sees
    MISS_PATIENT = "miss_patient"
    MISS_HOST = "miss_host"
    FOLLOW = "follow"  # another session like it, later: nothing becomes of this one
    PRESUME = "presume"  # held without us, so that we saw nobody come: taken as held


class ClinicMode(StrEnum):
    """Where a clinic's providers get their Available / Not Available from (S39, S40)."""

    ON_DEMAND = "on_demand"
    CALENDAR = "calendar"


class GroupKind(StrEnum):
    """Which side of a clinic a group is on; the values are in the paths of their pages."""

    PATIENTS = "patients"
    HOSTS = "hosts"


class RuleKind(StrEnum):
    """What a rule of a host's calendar says about its hours."""

    SLOT = "slot"  # appointments are taken
    OUT_OF_OFFICE = "out_of_office"  # none are, whatever the slots say (V8)


class Role(StrEnum):
    """What a person can be; one person may be several."""

    REQUESTER = "requester"
    HOST = "host"
    SCHEDULER = "scheduler"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # the sweep, never a person


class DeclineReason(StrEnum):
    """Why a request was declined, for the clinic's own figures; the requester reads the reply."""

    NO_ONE_AVAILABLE = "no_one_available"
    NOT_SUITABLE = "not_suitable"
    DUPLICATE = "duplicate"
    OTHER = "other"
    HOST_UNAVAILABLE = "host_unavailable"  # V4, decided by the system


class NoticeKind(StrEnum):
    """What a waiting notice is about; one per recipient, subject and kind (S18)."""

    WELCOME = "welcome"  # to somebody new: choose a password
    NEW_REQUEST = "new_request"
    RECEIVED = "received"  # to the requester: it is on the board, and where to follow it
    INVITATION = "invitation"
    ASSIGNED = "assigned"  # to the host, when somebody else accepted for them
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # by a scheduler, on the requester's word
    CANCELLED = "cancelled"  # the session; its request went back to the queue
    CALLED_OFF = "called_off"  # the session, for good
    RESCHEDULED = "rescheduled"
    HOST_CHANGED = "host_changed"  # to the requester; the new host is told as by an acceptance
    UNASSIGNED = "unassigned"  # to the host whose session another has now
    REMINDER = "reminder"  # the invitation once more, because somebody pressed Remind
    ALL_PASSED = "all_passed"
    CONFIRM_BOOKING = "confirm_booking"  # to an address: was it you who asked?
    LINK = "link"  # to the requester, who asked for a new one
    EXPIRING = "expiring"  # to schedulers, some time before a request ends unanswered
    ESCALATED = "escalated"  # to the clinic's escalation address


class NoticeStatus(StrEnum):
    """How far a notice has come on its way."""

    WAITING = "waiting"  # to be tried at its ``next_at``, for the first time or again
    SENT = "sent"  # the mail server took it
    FAILED = "failed"  # a dead letter: given up, until an administrator sends it again
    NO_ADDRESS = "no_address"  # nobody to send it to: no address, disabled, or not theirs now


class EntityKind(StrEnum):
    """What an event can point at."""

    REQUEST = "request"
    SESSION = "session"
    PROVIDER = "provider"  # a host's availability, as others see it
    AVAILABILITY = "availability"  # a host's own toggle
    PASS = "pass"
    PERSON = "person"  # on the control stream: rights or sign-in changed
    LOGIN = "login"  # on the control stream: one sign-in ended
    CLINIC = "clinic"
    SERVICE = "service"
    PATIENT_GROUP = "patient_group"
    HOST_GROUP = "host_group"
    ACCOUNT = "account"
    NOTICE = "notice"
    CALENDAR = "calendar"  # a public one; of the account's booking as a whole, id 0
    BOOKING = "booking"  # asked for by somebody not known yet
