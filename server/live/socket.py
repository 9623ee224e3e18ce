"""The endpoints of sockets: who may open one, and what serves it once it is open.

``/live`` is for whoever is signed in; ``/r/{token}/live`` for whoever holds the link of a request,
and can name nothing but that request.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.live.codes import Close
from server.live.connection import Connection
from server.live.desk import LiveDesk
from server.live.link_holders import LinkEndedError
from server.live.origin import is_own_page
from server.live.page_socket import PageSocket
from server.live.protocol import page_socket
from server.live.seams import Holder, Visitor
from server.live.send_wire import SendWire
from server.live.state import LiveState
from server.live.visit import Visit
from server.peers.address import place_of
from server.peers.door import Seat

Live = WebSocket[LiveState]
Whose = Callable[[], Awaitable[Visitor | Holder | None]]
_LOST = 1006  # as a browser calls it: there was no close frame


async def live(websocket: Live) -> None:
    """Serve a page of somebody who is signed in."""
    desk = websocket.state["live"]
    await _open(websocket, desk, lambda: desk.authenticate(websocket))


async def live_by_link(websocket: Live) -> None:
    """Serve the page of a link; whose link has ended is told to load it anew, and reads so."""
    desk, token = websocket.state["live"], websocket.path_params["token"]
    await _open(websocket, desk, lambda: desk.links.holder_of(token))


async def _open(websocket: Live, desk: LiveDesk, whose: Whose) -> None:
    """Serve one page, or refuse the handshake with 403."""
    if not is_own_page(websocket, desk.origin):
        await websocket.close()
        return
    seat = desk.door.enter(place_of(websocket, desk.proxies)) if desk.has_room else None
    if seat is None:
        await _refuse(websocket)
        return
    with seat:
        await _let_in(websocket, desk, seat, whose)


async def _let_in(websocket: Live, desk: LiveDesk, seat: Seat, whose: Whose) -> None:
    try:
        if not desk.tailer.started.is_set():
            async with asyncio.timeout(desk.limits.hello_seconds):
                await desk.tailer.started.wait()
        control = desk.tailer.control
        visitor = await whose()
    except TimeoutError:
        await _refuse(websocket)
        return
    except desk.troubles:
        await _refuse(websocket)
        return
    except LinkEndedError:
        await _refuse(websocket, Close.MEMBERSHIPS)
        return
    if visitor is None:
        await websocket.close()
        return
    await websocket.accept()
    direct = page_socket(websocket.scope)
    desk.note_wire("direct" if direct else "send_text")
    wire = direct or SendWire(websocket, desk.limits.send_seconds)
    connection = desk.hub.admit(wire, visitor, seat)
    if connection is None:
        await _send_away(websocket, direct)
        return
    desk.rounds.begin(connection)
    is_doubted = control != desk.tailer.control
    if isinstance(wire, PageSocket):
        await _hand_over(wire, desk, connection, is_doubted=is_doubted)
    else:
        await _serve_slowly(websocket, wire, desk, connection, is_doubted=is_doubted)


async def _refuse(websocket: Live, code: Close = Close.BUSY) -> None:
    await websocket.accept()
    await websocket.close(code)


async def _send_away(websocket: Live, direct: PageSocket | None) -> None:
    if direct:
        direct.end(Close.TOO_MANY)
    else:
        await websocket.close(Close.TOO_MANY)


async def _hand_over(
    wire: PageSocket, desk: LiveDesk, connection: Connection, *, is_doubted: bool
) -> None:
    """Let the page's socket live by itself; we return."""
    wire.serve(Visit(desk, connection, desk.begin))
    if is_doubted:
        wire.stop_hearing()
        await _check_again(desk, connection)
        wire.hear_on()


async def _serve_slowly(
    websocket: Live, wire: SendWire, desk: LiveDesk, connection: Connection, *, is_doubted: bool
) -> None:
    """Serve the page as long as it stays, where another server runs us."""
    async with asyncio.TaskGroup() as errands:
        visit = Visit(desk, connection, errands.create_task)
        code = _LOST
        try:
            if is_doubted:
                await _check_again(desk, connection)
            code = await _hear_and_send(websocket, wire, visit)
        finally:
            visit.leave(code)


async def _check_again(desk: LiveDesk, connection: Connection) -> None:
    """Ask anew: rights that went while we asked were taken from nobody.

    From here on, whoever takes them away reaches this connection.
    """
    try:
        await desk.rounds.check_again(connection)
    except desk.troubles:
        connection.end(Close.BUSY)


async def _hear_and_send(websocket: Live, wire: SendWire, visit: Visit) -> int:
    """Return the code by which it ended; the end of either direction is that of the other."""
    async with asyncio.TaskGroup() as tasks:
        hearing = tasks.create_task(_hear(websocket, visit))
        pumping = tasks.create_task(wire.pump())
        await asyncio.wait({hearing, pumping}, return_when=asyncio.FIRST_COMPLETED)
        wire.finish()
        if pumping.done():
            hearing.cancel()
    return _LOST if hearing.cancelled() else hearing.result()


async def _hear(websocket: Live, visit: Visit) -> int:
    while (said := await websocket.receive())["type"] == "websocket.receive":
        visit.hear(said.get("text"))
    return int(said.get("code", _LOST))


routes: list[WebSocketRoute] = [
    WebSocketRoute("/live", live, name="live"),
    WebSocketRoute("/r/{token}/live", live_by_link, name="live_by_link"),
]
