"""The endpoint ``/live``: who may open a socket, and what runs while it is open."""

import asyncio
from collections.abc import Callable

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.live.codes import Close
from server.live.desk import LiveDesk
from server.live.origin import is_own_page
from server.live.protocol import direct_wire
from server.live.seams import Visitor
from server.live.send_wire import SendWire
from server.live.state import LiveState
from server.live.visit import Visit

Live = WebSocket[LiveState]


async def live(websocket: Live) -> None:
    """Serve one page, or refuse the handshake with 403."""
    desk = websocket.state["live"]
    if not is_own_page(websocket, desk.origin):
        await websocket.close()
        return
    if desk.is_draining:
        await _refuse(websocket)
        return
    try:
        async with asyncio.timeout(desk.limits.hello_seconds):
            await desk.tailer.started.wait()
        control = desk.tailer.control
        visitor = await desk.authenticate(websocket)
    except TimeoutError:
        await _refuse(websocket)
        return
    except desk.troubles:
        await _refuse(websocket)
        return
    if visitor is None:
        await websocket.close()
        return
    await websocket.accept()
    await _open(websocket, desk, visitor, is_same=lambda: control == desk.tailer.control)


async def _refuse(websocket: Live) -> None:
    await websocket.accept()
    await websocket.close(Close.BUSY)


async def _open(
    websocket: Live,
    desk: LiveDesk,
    visitor: Visitor,
    *,
    is_same: Callable[[], bool],
) -> None:
    direct = direct_wire(websocket.scope)
    desk.note_wire("direct" if direct else "send_text")
    slow = None if direct else SendWire(websocket, desk.limits.send_seconds)
    wire = direct or slow
    assert wire is not None  # noqa: S101 - one of the two, for the type checker
    connection = desk.hub.admit(wire, visitor)
    if connection is None:
        await websocket.close(Close.TOO_MANY)
        return
    desk.rounds.begin(connection)
    visit = Visit(websocket, desk, connection)
    has_left = False
    try:
        # Rights that went while we asked were taken from nobody: from here on they reach us.
        if not is_same():
            await desk.rounds.check([visitor.login_id])
        await (visit.run() if slow is None else _run_beside(visit, slow))
    except desk.troubles:
        connection.end(Close.BUSY)
    finally:
        has_left = desk.hub.leave(connection)
    if has_left and not visit.is_elsewhere:
        await desk.rounds.end_claims(connection)


async def _run_beside(visit: Visit, wire: SendWire) -> None:
    """Run the visit while the wire's own task sends; each ends the other."""
    async with asyncio.TaskGroup() as tasks:
        visiting = tasks.create_task(visit.run())
        pumping = tasks.create_task(wire.pump())
        await asyncio.wait({visiting, pumping}, return_when=asyncio.FIRST_COMPLETED)
        wire.finish()
        if pumping.done():
            visiting.cancel()


routes: list[WebSocketRoute] = [WebSocketRoute("/live", live, name="live")]
