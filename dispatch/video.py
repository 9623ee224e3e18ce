"""Which video service a clinic's visits happen at; it knows no service's own ways."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dispatch.clinic import is_video_address
from dispatch.errors import InvalidError
from dispatch.vocabulary import ClinicId, VideoKind

_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:[0-9]{1,5})?"
)
_WORD = re.compile(r"[A-Za-z0-9._:/-]{1,200}")
_SECRET = range(32, 501)  # characters: RFC 7518 wants as many of a key for HS256, at least


@dataclass(frozen=True, slots=True)
class VideoSetting:
    """A clinic's choice. The secret signs tokens; it is never shown, logged or sent anywhere."""

    clinic_id: ClinicId
    kind: VideoKind
    address: str = ""  # of ADDRESS: a template with {room}
    domain: str = ""  # this and the rest of JITSI
    app_id: str = ""
    secret: str = field(default="", repr=False)
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """One person at the door of one session's room."""

    setting: VideoSetting
    host_link: str  # of the session's host
    room: str
    name: str
    is_host: bool


def checked(setting: VideoSetting) -> VideoSetting:
    """Return the setting with only what its kind needs.

    Raises:
        InvalidError: people could not join by it.
    """
    match setting.kind:
        case VideoKind.NONE | VideoKind.HOST_LINK:
            return VideoSetting(setting.clinic_id, setting.kind)
        case VideoKind.ADDRESS:
            if not setting.address or not is_video_address(setting.address):
                raise InvalidError(
                    "Give an address such as https://video.example.org/{room}: https, with {room} "
                    "where the room's name goes.",
                    field="address",
                )
            return VideoSetting(setting.clinic_id, setting.kind, address=setting.address)
        case VideoKind.JITSI:
            return _jitsi(setting)


def _jitsi(setting: VideoSetting) -> VideoSetting:
    domain = setting.domain.strip().lower()
    if not _DOMAIN.fullmatch(domain):
        raise InvalidError("Give the server's name, such as meet.example.org.", field="domain")
    if not _WORD.fullmatch(setting.app_id):
        raise InvalidError("Give the app id, as your Jitsi server has it.", field="app_id")
    if setting.key_id and not _WORD.fullmatch(setting.key_id):
        raise InvalidError("A key id has letters, digits and . _ : / - only.", field="key_id")
    if len(setting.secret) not in _SECRET:
        raise InvalidError(
            "Give the secret, 32 to 500 characters: a shorter one could be guessed.", field="secret"
        )
    return VideoSetting(
        setting.clinic_id,
        setting.kind,
        domain=domain,
        app_id=setting.app_id,
        secret=setting.secret,
        key_id=setting.key_id,
    )


def checked_link(link: str) -> str:
    """Return a host's own link, trimmed; empty for none.

    Raises:
        InvalidError: browsers could not be sent there.
    """
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        is_good = parts.scheme == "https" and bool(parts.hostname) and not parts.username
        _ = parts.port
    except ValueError:  # brackets or a port that are none
        is_good = False
    has_strange = "\\" in link or any(sign.isspace() or ord(sign) < 33 for sign in link)
    if not is_good or has_strange or len(link) > 500 or "{" in link:
        raise InvalidError("Give a link such as https://video.example.org/dr-ruiz.", field="link")
    return link
