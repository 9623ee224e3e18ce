"""The Assign dialog's contents: who could take a request, and what speaks for and against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.answers import Answer
from dispatch.reply import SavedReply
from dispatch.stream import Cursor
from dispatch.views import BoardRow
from dispatch.vocabulary import (
    ClinicId,
    ClinicMode,
    DeclineReason,
    PersonId,
    RequestNumber,
    SessionId,
)


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A session near a requested time; the service only where the viewer schedules its clinic."""

    session_id: SessionId
    requested_at: datetime
    starts_at: datetime
    ends_at: datetime
    gap: timedelta
    overlaps: bool
    service: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another pending request that wants the same host at one of the same times (S66)."""

    number: RequestNumber
    clinic_id: ClinicId


@dataclass(frozen=True, slots=True)
class ProviderOption:
    """A provider in the Assign dialog, with everything that helps to choose (S37 to S47)."""

    id: PersonId
    name: str
    is_asked_for: bool
    is_available: bool
    until_at: datetime | None  # on-demand: the toggle's end
    available_times: tuple[datetime, ...]  # calendar: those of the requested times a slot covers
    requested_count: int  # calendar: available for len(available_times) of requested_count
    conflicts: tuple[ConflictView, ...] = ()
    has_passed: bool = False
    is_connected: bool = False  # has a live page open; decides nothing
    break_until_at: datetime | None = None  # on-demand: back then by themselves; else no break


@dataclass(frozen=True, slots=True)
class Assignment:
    """The Assign dialog of one pending request."""

    row: BoardRow
    clinic_mode: ClinicMode
    duration_minutes: int
    sentences: Mapping[DeclineReason, str]  # what the requester reads of a decline
    replies: tuple[SavedReply, ...]
    providers: tuple[ProviderOption, ...]
    answers: tuple[Answer, ...] = ()  # all that the requester answered to the clinic's form
    rivals: tuple[RequestNumber, ...] = ()  # in clinics that the viewer schedules
    rivals_elsewhere: int = 0  # in others: how many, and nothing else of them
    heads: dict[str, Cursor] = field(default_factory=dict)
