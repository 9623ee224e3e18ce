"""The floor: the same bytes written to plain asyncio connections, and nothing else at all."""

import asyncio
from asyncio.transports import BaseTransport

from bench.orders import Window, idle, obey, paced
from server.live.websocket_frame import text_frame

_transports: dict[asyncio.Transport, None] = {}


class Pipe(asyncio.Protocol):
    """A connection that is only written to."""

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        _transports[transport] = None

    def connection_lost(self, exc: Exception | None) -> None:
        del _transports[self._transport]


async def tell(count: int, per_second: float, payload: str) -> dict[str, float]:
    """Write the payload to everybody, so many times."""
    frame = text_frame(payload.encode())

    def write(_turn: int) -> None:
        for transport in _transports:
            transport.write(frame)

    return (await Window().measure(paced(count, per_second, write))).said()


async def main() -> None:
    """Serve until the orders end."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Pipe, "127.0.0.1", 0, backlog=2048)
    await obey({"port": server.sockets[0].getsockname()[1]}, {"idle": idle, "tell": tell})
    for transport in [*_transports]:
        transport.abort()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
