"""The baseline: one broadcaster that awaits ``send_text`` for each socket, on uvicorn as it comes."""

import asyncio
import logging
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bench.console import Ready
from bench.orders import Window, idle, obey, paced


class Broadcaster:
    """Every socket, and one way to write to all of them."""

    def __init__(self) -> None:
        self._sockets: dict[WebSocket[Any], None] = {}

    async def join(self, websocket: WebSocket[Any]) -> None:
        """Keep a socket until it leaves."""
        await websocket.accept()
        self._sockets[websocket] = None
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
        del self._sockets[websocket]

    async def tell(self, count: int, per_second: float, payload: str) -> dict[str, float]:
        """Send the payload to everybody, so many times."""

        async def send(_turn: int) -> None:
            for websocket in self._sockets:
                await websocket.send_text(payload)

        return (await Window().measure(paced(count, per_second, send))).said()


async def main() -> None:
    """Serve until the orders end."""
    logging.basicConfig(level=logging.WARNING)
    broadcaster = Broadcaster()
    server = Ready(
        uvicorn.Config(
            Starlette(routes=[WebSocketRoute("/live", broadcaster.join)]),
            host="127.0.0.1",
            port=0,
            ws="websockets-sansio",
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        await server.listens.wait()
        await obey({"port": server.port}, {"idle": idle, "tell": broadcaster.tell})
        server.should_exit = True


if __name__ == "__main__":
    asyncio.run(main())
