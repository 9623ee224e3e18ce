"""A Jitsi server that lets in who brings a token: short-lived, for one room and one name.

The claims are those of Prosody's token authentication (``aud``, ``iss``, ``sub``, ``room``).
"""

from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from dispatch.video import Entrance

LASTS = timedelta(minutes=5)  # to walk through the door; who is inside stays inside
EARLIER = timedelta(seconds=30)  # the two clocks may differ


def link(entrance: Entrance, now: datetime) -> str:
    """Return the room's address with a token that makes nobody but the host its moderator."""
    import jwt  # only a clinic with such a server needs it

    setting = entrance.setting
    domain = setting.domain.partition(":")[0]
    claims = {
        "aud": "jitsi",
        "iss": setting.app_id,
        "sub": domain,
        "room": entrance.room,
        "nbf": now - EARLIER,
        "exp": now + LASTS,
        "moderator": entrance.is_host,
        "context": {
            "user": {
                "name": entrance.name,
                "moderator": entrance.is_host,
                "affiliation": "owner" if entrance.is_host else "member",
            }
        },
    }
    headers = {"kid": setting.key_id} if setting.key_id else None
    token = jwt.encode(claims, setting.secret, algorithm="HS256", headers=headers)
    return f"https://{setting.domain}/{quote(entrance.room, safe='')}?{urlencode({'jwt': token})}"
