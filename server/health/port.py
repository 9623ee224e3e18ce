"""The port of a process for whoever keeps it running: figures and probes, and no page at all."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from server.health.endpoints import own_routes
from server.health.state import Health, HealthState
from server.peers.door import Door
from server.peers.http import Patience, patient_protocol


class _BesideTheConsole(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the console's own server, which ends this one too."""
        yield


async def serve_for_ever(listener: socket.socket, health: Health) -> None:
    """Serve until cancelled; then let go of the port."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[HealthState]:
        yield HealthState(health=health)

    config = uvicorn.Config(
        Starlette(routes=own_routes, lifespan=lifespan),
        lifespan="on",
        ws="none",
        log_config=None,  # as the console's own server set it up
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=patient_protocol(Patience(), Door(0)),  # type: ignore[arg-type]  # it makes them
        limit_concurrency=32,
        timeout_keep_alive=75,  # longer than between two scrapes
        timeout_graceful_shutdown=1,
    )
    server = _BesideTheConsole(config)
    try:
        await server.serve(sockets=[listener])
    except asyncio.CancelledError:
        await server.shutdown(sockets=[listener])
        raise
