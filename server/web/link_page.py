"""The page of a request for whoever holds its link, and a new link for whoever has lost it.

Nobody is signed in here, and no cookie is looked at: the address itself is the key. It stands in no
title, no message and no log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.contact import EMAIL_LIMIT, checked_email
from dispatch.errors import (
    DispatchError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    TooManyTriesError,
)
from dispatch.events import request_stream
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Reading
from dispatch.status_link import Linked, read_token
from dispatch.stream import Projection, Snapshot
from dispatch.tries import Limit
from dispatch.usecases.boards import snapshot
from dispatch.usecases.intake import (
    DismissAnswer,
    WithdrawRequest,
    dismiss_answer,
    withdraw_request,
)
from dispatch.usecases.lines import lines
from dispatch.usecases.links import SendLinks, send_links
from dispatch.usecases.session_pages import entrance
from dispatch.usecases.visits import Arrive, arrive
from dispatch.views import LinkCard
from dispatch.vocabulary import SessionId
from server.peers.address import place_of
from server.rendering.spoken_time import spoken_at
from server.web.errors import STATUS
from server.web.forms import Form, read_form
from server.web.patient import placed, told
from server.web.replies import done, page, prefers_json, see_other
from server.web.state import WebState
from server.web.tries import OF_PLACE, count

PATH = "/r"
OF_ADDRESS = Limit(2, 6)  # links to one address; nobody's mailbox is filled
ENDED = "The link was valid for seven days after the request was answered."
MOVED = "It was sent to an e-mail address that is not used any more."
UNKNOWN = "It may be cut off: copy the whole of it from the message. Or have a new one sent."


@dataclass(frozen=True, slots=True)
class Held:
    """A request as its link shows it, as of one instant."""

    linked: Linked
    card: LinkCard
    shown: Snapshot


@dataclass(frozen=True, slots=True)
class Lost:
    """What is said to whoever has no link, or one that leads nowhere any more."""

    heading: str = "Get a new link"
    sentence: str = ""
    linked: Linked | None = None  # what the link led to
    problems: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    is_sent: bool = False


async def show(request: Request[WebState]) -> Response:
    """Show the request, or how to get a link that leads somewhere (S88)."""
    held = await _held(request)
    if not isinstance(held, Held):
        return _ended(request, held)
    if "video" in request.query_params and held.card.session_id is not None:
        return await _joined(request, held.linked, held.card.session_id)
    return told(_page(request, held), request, [held.card])


async def act(request: Request[WebState]) -> Response:
    """Do what the one who asked can do: whoever holds the link speaks for them, on this request."""
    form = await read_form(request)
    held = await _held(request)
    if not isinstance(held, Held):
        return _ended(request, held)
    try:
        outcome = await _done(request, form, held.linked)
    except DispatchError as refused:
        if prefers_json(request):
            raise
        again = await _held(request)  # it says by itself what became of it
        now, zone = request.state["clock"].now(), held.card.zone
        at = spoken_at(refused.at, zone, now) if refused.at else ""
        sentence = refused.sentence.replace("{at}", at)
        return _page(
            request, again if isinstance(again, Held) else held, sentence, STATUS[refused.code]
        )
    return done(request, outcome, request.url.path)


async def lost(request: Request[WebState]) -> Response:
    """Ask for the address that a new link may go to."""
    return _new_link(request)


async def send(request: Request[WebState]) -> Response:
    """Send a new link to an address that is known; the answer is the same where it is not."""
    form = await read_form(request)
    try:
        email = checked_email(form.text("email", limit=EMAIL_LIMIT))
        await _count_try(request, email)
    except (InvalidError, TooManyTriesError) as refused:
        if prefers_json(request):
            raise
        problems = {refused.field: refused.sentence}
        status = STATUS[refused.code]
        again = _new_link(request, status, problems=problems, email=form.cut("email"))
        if isinstance(refused, TooManyTriesError):
            again.headers["Retry-After"] = str(refused.seconds)
        return again
    answer = _new_link(request, is_sent=True)
    answer.background = BackgroundTask(_send, request, email)  # no sooner or later for a stranger
    return answer


async def _held(request: Request[WebState]) -> Held | Linked | None:
    """Return the request, or what is left to say where its link has ended; None: none of ours."""
    token, now = request.path_params["token"], request.state["clock"].now()

    def query(reading: Reading) -> Held | Linked | None:
        link = read_token(token, reading.link_secret())
        linked = reading.linked({link.request_id}).get(link.request_id) if link else None
        if link is None or linked is None or not linked.lives_at(link, now):
            return linked
        shown = snapshot(reading, request_stream(link.request_id), Projection.LINK, now)
        cards = [view for view in shown.views if isinstance(view, LinkCard)]
        places = lines(reading, [shown.stream], now).get(shown.stream, ())
        return Held(linked, placed(cards[0], places), shown)

    return await request.state["store"].read(query)


async def _done(request: Request[WebState], form: Form, linked: Linked) -> Done:
    store, actor = request.state["store"], await _requester(request, linked)
    match form.text("do"):
        case "withdraw":
            withdraw = WithdrawRequest(linked.number)
            return await store.perform(withdraw_request, withdraw, actor, key=form.key)
        case "dismiss":
            dismiss = DismissAnswer(linked.number)
            return await store.perform(dismiss_answer, dismiss, actor, key=form.key)
        case "arrive":
            there = Arrive(await _session(request, linked))
            return await store.perform(arrive, there, actor, key=form.key)
        case _:
            raise InvalidError("Open the page again, and press once more.", field="do")


async def _session(request: Request[WebState], linked: Linked) -> SessionId:
    """Return the session of the request."""
    found = await request.state["store"].read(
        lambda reading: reading.request(linked.account_id, linked.number)
    )
    if found is None or found.session_id is None:
        raise NotFoundError("session")
    return found.session_id


async def _joined(request: Request[WebState], linked: Linked, session_id: SessionId) -> Response:
    """Send the requester on to the video, as their own page of the visit does."""
    actor, now = await _requester(request, linked), request.state["clock"].now()
    store = request.state["store"]
    door = await store.read(lambda reading: entrance(reading, actor, session_id, now))
    link = request.state["rooms"].link(door, now) if door is not None else ""
    return see_other(link or request.url.path)


async def _requester(request: Request[WebState], linked: Linked) -> Actor:
    actor = await request.state["store"].read(lambda reading: reading.actor(linked.requester_id))
    if actor is None:
        raise NotAllowedError("This link has ended.")
    return actor


def _page(request: Request[WebState], held: Held, problem: str = "", status: int = 200) -> Response:
    return page(
        request,
        "patient/link.html",
        status,
        live=[held.shown],
        card=held.card,
        path=request.url.path,
        problem=problem,
    )


def _ended(request: Request[WebState], linked: Linked | None) -> Response:
    if linked is not None:
        said = MOVED if linked.decided_at is None else ENDED
        return _new_link(request, 410, heading="This link has ended", sentence=said, linked=linked)
    return _new_link(request, 404, heading="We can't find that link", sentence=UNKNOWN)


def _new_link(request: Request[WebState], status: int = 200, **said: Any) -> Response:
    return page(request, "patient/new_link.html", status, lost=Lost(**said))


async def _count_try(request: Request[WebState], email: str) -> None:
    place = place_of(request, request.state["settings"].trusted_proxies)
    await count(request, {f"link from {place}": OF_PLACE, f"link to {email}": OF_ADDRESS})


async def _send(request: Request[WebState], email: str) -> None:
    store = request.state["store"]
    who = await store.read(lambda reading: reading.by_email(email))
    if who is not None:
        system = system_actor(who.account_id)
        await store.perform(send_links, SendLinks(who.person_id), system)


routes = [
    Route(PATH, lost, methods=["GET"]),
    Route(PATH, send, methods=["POST"]),
    Route(f"{PATH}/{{token}}", show, methods=["GET"]),
    Route(f"{PATH}/{{token}}", act, methods=["POST"]),
]
