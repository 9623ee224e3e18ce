"""Waiting rooms and video settings in memory."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.attendance import Attendance
from dispatch.video import VideoSetting
from dispatch.vocabulary import ClinicId, PersonId, SessionId
from tests.fakes.memory import Memory


@dataclass
class FakeAttendances:
    rows: Memory

    def of(self, session_id: SessionId) -> Attendance | None:
        return self.rows.attendances.get(session_id)

    def put(self, attendance: Attendance) -> None:
        self.rows.attendances[attendance.session_id] = attendance

    def renew(self, attendance: Attendance, now: datetime) -> None:
        held = self.of(attendance.session_id)
        is_same = held and (held.person_id, held.tab) == (attendance.person_id, attendance.tab)
        if held and is_same and held.is_live(now):
            self.put(replace(held, lease_until=attendance.lease_until))

    def shorten(self, attendance: Attendance, was: Attendance) -> None:
        if self.of(attendance.session_id) == was:
            self.put(attendance)

    def drop(self, session_id: SessionId) -> None:
        self.rows.attendances.pop(session_id, None)

    def held_by_tab(self, tab: str) -> list[Attendance]:
        return [held for held in self.rows.attendances.values() if held.tab == tab]


@dataclass
class FakeVideos:
    rows: Memory

    def of(self, clinic: ClinicId) -> VideoSetting:
        return self.rows.video(clinic)

    def save(self, setting: VideoSetting) -> None:
        self.rows.videos[setting.clinic_id] = setting
        clinic = self.rows.clinics[setting.clinic_id]
        self.rows.clinics[clinic.id] = replace(clinic, video_url=setting.address)

    def link_of(self, host: PersonId) -> str:
        return self.rows.host_links.get(host, "")

    def save_link(self, host: PersonId, link: str) -> None:
        self.rows.host_links[host] = link

    def has_room(self, clinic: ClinicId, host: PersonId) -> bool:
        return self.rows.has_room(clinic, host)
