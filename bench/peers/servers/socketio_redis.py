"""python-socketio with its Redis manager, WebSocket transport only."""

import asyncio
import sys

import socketio

from bench.peers.servers.stock_uvicorn import OPTIONS
from bench.ready import serve


async def main() -> None:
    """Serve until the orders end."""
    server = socketio.AsyncServer(
        async_mode="asgi",
        client_manager=socketio.AsyncRedisManager(sys.argv[1]),
        transports=["websocket"],
        cors_allowed_origins="*",
    )
    await serve(socketio.ASGIApp(server), {}, **OPTIONS)


if __name__ == "__main__":
    asyncio.run(main())
