"""The baseline: one broadcaster that awaits ``send_text`` for each socket, on stock uvicorn."""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bench.orders import Order, Window, idle, paced
from bench.ready import serve


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
    broadcaster = Broadcaster()
    app = Starlette(routes=[WebSocketRoute("/live", broadcaster.join)])
    orders: dict[str, Order] = {"idle": idle, "tell": broadcaster.tell}
    await serve(app, orders, ws="websockets-sansio", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    asyncio.run(main())
