"""Plain Starlette: one subscription for each process, ``send_text`` to one socket after another.

With DISPATCH_DATABASE_URL set it also asks who is there, by the very query of the console.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench.peers.servers.redis_line import beside, listen
from bench.peers.servers.stock_uvicorn import OPTIONS
from bench.ready import serve
from server.clock import SystemClock
from server.settings import Settings
from server.storage.postgres_store import PostgresStore
from server.web.login import maybe_signed_in

_sockets: dict[WebSocket[Any], None] = {}


async def join(websocket: WebSocket[Any]) -> None:
    """Keep a socket until it leaves."""
    if _asks() and await maybe_signed_in(websocket) is None:
        await websocket.close()
        return
    await websocket.accept()
    _sockets[websocket] = None
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        del _sockets[websocket]


async def tell(text: str) -> None:
    """Send it to everybody."""
    for websocket in [*_sockets]:
        await websocket.send_text(text)


def _asks() -> bool:
    return "DISPATCH_DATABASE_URL" in os.environ


@asynccontextmanager
async def _with_store(_app: Starlette) -> AsyncIterator[dict[str, Any]]:
    if not _asks():
        yield {}
        return
    settings, clock = Settings(database_url=os.environ["DISPATCH_DATABASE_URL"]), SystemClock()
    store = PostgresStore(settings, clock)
    await store.open()
    yield {"settings": settings, "store": store, "clock": clock}
    await store.close()


async def main() -> None:
    """Serve until the orders end."""
    app = Starlette(routes=[WebSocketRoute("/live", join)], lifespan=_with_store)
    await beside(serve(app, {}, **OPTIONS), listen(sys.argv[1], tell))


if __name__ == "__main__":
    asyncio.run(main())
