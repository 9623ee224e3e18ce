"""uvicorn as a measured process runs it: on a port of the system's choice, until told to end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import uvicorn

from bench.orders import Order, obey


class Ready(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @property
    def port(self) -> int:
        """Return the port that the system chose."""
        return int(self.servers[0].sockets[0].getsockname()[1])


async def serve(app: Any, orders: Mapping[str, Order], **options: Any) -> None:
    """Serve the application on loopback until the orders end."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **options)
    server = Ready(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        await server.listens.wait()
        await obey({"port": server.port}, orders)
        server.should_exit = True
