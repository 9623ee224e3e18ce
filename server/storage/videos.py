"""How clinics and hosts lead people into visits, in the database."""

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from dispatch.video import VideoSetting
from dispatch.vocabulary import ClinicId, PersonId, VideoKind
from server.storage.tables import clinic, clinic_video, host_video, video_session

# A clinic that nobody has set has the address that it was made with.
_KIND = func.coalesce(clinic_video.c.kind, VideoKind.ADDRESS.value)
# For statements that join clinic, clinic_video and the host's host_video.
HAS_VIDEO: ColumnElement[bool] = or_(
    and_(_KIND == VideoKind.ADDRESS, clinic.c.video_url != ""),
    and_(_KIND == VideoKind.HOST_LINK, host_video.c.link.is_not(None)),
    _KIND == VideoKind.JITSI,
).label("has_video")
OF_CLINIC = clinic_video.c.clinic_id == video_session.c.clinic_id
OF_HOST = host_video.c.host_id == video_session.c.host_id


class SqlVideos:
    """``dispatch.ports.Videos`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, clinic_id: ClinicId) -> VideoSetting:
        return video_of(self._connection, clinic_id)

    def save(self, setting: VideoSetting) -> None:
        key = setting.clinic_id
        values = {
            "kind": setting.kind,
            "domain": setting.domain,
            "app_id": setting.app_id,
            "secret": setting.secret,
            "key_id": setting.key_id,
        }
        where = clinic_video.c.clinic_id == key
        changed = self._connection.execute(update(clinic_video).where(where).values(values))
        if not changed.rowcount:
            self._connection.execute(insert(clinic_video), {"clinic_id": key, **values})
        address = {"video_url": setting.address}
        self._connection.execute(update(clinic).where(clinic.c.id == key).values(address))

    def link_of(self, host: PersonId) -> str:
        return link_of(self._connection, host)

    def save_link(self, host: PersonId, link: str) -> None:
        self._connection.execute(host_video.delete().where(host_video.c.host_id == host))
        if link:
            self._connection.execute(insert(host_video), {"host_id": host, "link": link})

    def has_room(self, clinic: ClinicId, host: PersonId) -> bool:
        setting = self.of(clinic)
        match setting.kind:
            case VideoKind.NONE:
                return False
            case VideoKind.ADDRESS:
                return bool(setting.address)
            case VideoKind.HOST_LINK:
                return bool(self.link_of(host))
            case VideoKind.JITSI:
                return True


def video_of(connection: Connection, clinic_id: ClinicId) -> VideoSetting:
    """Return how the clinic's visits get their link."""
    statement = (
        select(clinic.c.video_url, clinic_video)
        .outerjoin(clinic_video, clinic_video.c.clinic_id == clinic.c.id)
        .where(clinic.c.id == clinic_id)
    )
    row = connection.execute(statement).mappings().one()
    if row["kind"] is None:
        return VideoSetting(clinic_id, VideoKind.ADDRESS, address=row["video_url"])
    return VideoSetting(
        clinic_id,
        VideoKind(row["kind"]),
        address=row["video_url"],
        domain=row["domain"],
        app_id=row["app_id"],
        secret=row["secret"],
        key_id=row["key_id"],
    )


def link_of(connection: Connection, host: PersonId) -> str:
    """Return the host's own link; empty for none."""
    statement = select(host_video.c.link).where(host_video.c.host_id == host)
    return connection.execute(statement).scalar() or ""
