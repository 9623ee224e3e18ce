"""The library websockets by itself: one subscription for each process, and its own broadcast()."""

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.orders import obey
from bench.peers.servers.redis_line import beside, listen


async def keep(connection: ServerConnection) -> None:
    """Keep a socket until it leaves."""
    await connection.wait_closed()


async def main() -> None:
    """Serve until the orders end."""
    async with serve(keep, "127.0.0.1", 0, compression=None, backlog=2048) as server:

        def tell(text: str) -> None:
            broadcast(server.connections, text)

        port = next(iter(server.sockets)).getsockname()[1]
        await beside(obey({"port": port}, {}), listen(sys.argv[1], tell))
        for connection in server.connections:
            connection.transport.abort()


if __name__ == "__main__":
    asyncio.run(main())
