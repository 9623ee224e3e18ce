"""Administrators choose how visits get their video link, and keep each provider's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.diary import seen_by
from dispatch.errors import NotAllowedError, NotFoundError
from dispatch.events import Change, EntityRef, session_changed
from dispatch.people import Actor
from dispatch.ports import Done, Unit
from dispatch.seen import link_seen, refuse_unseen, video_seen
from dispatch.session import VideoSession
from dispatch.video import VideoSetting, checked, checked_link
from dispatch.vocabulary import EntityKind, PersonId, VideoKind


@dataclass(frozen=True, slots=True)
class SetVideo:
    """Set a clinic's video; an empty secret keeps the one that is stored."""

    setting: VideoSetting
    seen: str | None = None  # what the form was filled from


@dataclass(frozen=True, slots=True)
class SetHostLink:
    """Set a provider's own link; empty takes it away."""

    host_id: PersonId
    link: str
    seen: str | None = None  # what the form was filled from


def set_video(command: SetVideo, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it; every page that shows one of the clinic's coming sessions is told.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such clinic in their account.
        InvalidError: people could not join by it.
        StaleError: somebody changed it since the form was filled.
    """
    _require_administrator(actor)
    wanted = command.setting
    unit.clinics.lock(wanted.clinic_id)
    clinic = unit.clinics.get(actor.account_id, wanted.clinic_id)
    if clinic is None:
        raise NotFoundError("clinic")
    was = unit.videos.of(clinic.id)
    if wanted.kind is VideoKind.JITSI and was.kind is VideoKind.JITSI and not wanted.secret:
        wanted = replace(wanted, secret=was.secret)
    wanted, about = checked(wanted), EntityRef(EntityKind.CLINIC, clinic.id)
    if wanted == was:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, video_seen(was))
    unit.videos.save(wanted)
    unit.record(actor, Change("clinic.video_changed", about, frozenset()))
    unit.record(actor, *_told(unit.sessions.open_in(clinic.id), unit))
    return Done(about)


def set_host_link(command: SetHostLink, actor: Actor, unit: Unit, now: datetime) -> Done:
    """Store it; every page that shows one of the provider's coming sessions is told.

    Raises:
        NotAllowedError: the actor is no administrator.
        NotFoundError: no such provider in their account.
        InvalidError: no link that a browser could be sent to.
        StaleError: somebody changed it since the form was filled.
    """
    _require_administrator(actor)
    unit.hosts.lock([command.host_id])
    host = unit.people.get(actor.account_id, command.host_id)
    if host is None:
        raise NotFoundError("provider")
    was, link = unit.videos.link_of(host.id), checked_link(command.link)
    about = EntityRef(EntityKind.PERSON, host.id)
    if link == was:
        return Done(about, was_there=True)
    refuse_unseen(command.seen, link_seen(was))
    unit.videos.save_link(host.id, link)
    unit.record(actor, Change("person.video_link_changed", about, frozenset()))
    unit.record(actor, *_told(unit.sessions.open_of(host.id), unit))
    return Done(about)


def _told(sessions: Iterable[VideoSession], unit: Unit) -> tuple[Change, ...]:
    return tuple(
        session_changed("video_changed", each, seen_by(each.host_id, unit) | {each.clinic_id})
        for each in sessions
    )


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowedError("Only an administrator can do that.")
