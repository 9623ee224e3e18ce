"""Video links: how each clinic leads people into its visits, in storage and at the service."""

from datetime import datetime
from typing import Protocol

from dispatch.video import Entrance, VideoSetting
from dispatch.vocabulary import ClinicId, PersonId


class Videos(Protocol):
    """What clinics and hosts have set."""

    def of(self, clinic: ClinicId) -> VideoSetting: ...
    def save(self, setting: VideoSetting) -> None: ...
    def link_of(self, host: PersonId) -> str:
        """Return the host's own link; empty for none."""

    def save_link(self, host: PersonId, link: str) -> None: ...
    def has_room(self, clinic: ClinicId, host: PersonId) -> bool:
        """Return whether there is a link for the two to meet by."""


class Rooms(Protocol):
    """Makes the link for one person, at the moment when they join (``server.video``)."""

    def link(self, entrance: Entrance, now: datetime) -> str:
        """Return it; empty where the clinic has none. It is for that person and never kept."""
