"""Video settings in memory."""

from dataclasses import dataclass, replace

from dispatch.video import VideoSetting
from dispatch.vocabulary import ClinicId, PersonId
from tests.fakes.memory import Memory


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
