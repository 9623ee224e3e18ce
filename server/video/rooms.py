"""Which adapter makes the link for a clinic's kind of video."""

from datetime import datetime

from dispatch.video import Entrance
from dispatch.vocabulary import VideoKind
from server.video import address, host_link, jitsi


class VideoRooms:
    """``dispatch.ports.Rooms``: holds nothing, so that no link and no secret is kept."""

    def link(self, entrance: Entrance, now: datetime) -> str:
        """Return where this person joins; empty where the clinic's video is elsewhere."""
        match entrance.setting.kind:
            case VideoKind.NONE:
                return ""
            case VideoKind.ADDRESS:
                return address.link(entrance)
            case VideoKind.HOST_LINK:
                return host_link.link(entrance)
            case VideoKind.JITSI:
                return jitsi.link(entrance, now)
