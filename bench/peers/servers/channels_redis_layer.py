"""Django Channels with the pub/sub layer of channels_redis: a group, a consumer for each socket."""

import asyncio
import os
import sys
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from bench.peers.servers.stock_uvicorn import OPTIONS
from bench.ready import serve

GROUP = "bench"
LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"


class Board(AsyncWebsocketConsumer):
    """One socket."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def told(self, event: dict[str, Any]) -> None:
        """Send a message of the group on."""
        await self.send(text_data=event["text"])


def configure(url: str) -> None:
    """Set Django up: no database, no models, one layer."""
    layers = {"default": {"BACKEND": LAYER, "CONFIG": {"hosts": [url]}}}
    settings.configure(CHANNEL_LAYERS=layers, SECRET_KEY="bench")


async def main() -> None:
    """Serve until the orders end."""
    configure(sys.argv[1])
    await serve(Board.as_asgi(), {}, **OPTIONS)


if __name__ == "__main__":
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        raise SystemExit("DJANGO_SETTINGS_MODULE is set; unset it for the bench.")
    asyncio.run(main())
