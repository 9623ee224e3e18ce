"""The words that a clinic keeps ready: saved replies in its order, and a sentence per decline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Done, Reading, UseCase
from dispatch.reply import CHOICES, RESPONSE_LIMIT, TITLE_LIMIT, SavedReply
from dispatch.usecases.replies import (
    MoveReply,
    RemoveReply,
    SaveReply,
    WordDeclines,
    move_reply,
    remove_reply,
    save_reply,
    word_declines,
)
from dispatch.vocabulary import ClinicId, DeclineReason, ReplyId
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.forms import Form, read_form
from server.web.login import new_token
from server.web.places import LARGEST_NUMBER
from server.web.replies import done, page, prefers_json
from server.web.sheet import REASONS
from server.web.state import WebState

PATH = "/admin/clinics/{id:number}/replies"
Wish = Callable[[Form, ClinicId], tuple[UseCase[Any], object]]
ROOM = 20_000  # what is read and given back; the use case refuses far less than that


@dataclass(frozen=True, slots=True)
class Ready:
    """What the page shows; ``typed`` and ``problems`` belong to the form called ``at``."""

    clinic: Clinic
    replies: Sequence[SavedReply]
    sentences: Mapping[DeclineReason, str]
    at: str = ""  # "new", "declines", or the id of a reply
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=new_token)

    @property
    def reasons(self) -> list[tuple[DeclineReason, str]]:
        """Return the reasons with the words that staff choose by."""
        return [(reason, REASONS[reason]) for reason in CHOICES]

    @property
    def limits(self) -> tuple[int, int]:
        """Return how many characters a name and a text may have."""
        return TITLE_LIMIT, RESPONSE_LIMIT


async def show(request: Request[WebState]) -> Response:
    """Show the clinic's ready words."""
    actor = await administrator(request)
    return await _shown(request, actor)


async def add(request: Request[WebState]) -> Response:
    """Keep one more reply."""
    return await _kept(request, "new", lambda form, clinic: (save_reply, _reply(form, clinic)))


async def change(request: Request[WebState]) -> Response:
    """Save one reply with other words, move it, or let go of it, as the pressed button says."""
    number: int = request.path_params["reply"]
    reply = ReplyId(min(number, LARGEST_NUMBER))

    def wish(form: Form, clinic: ClinicId) -> tuple[UseCase[Any], object]:
        match form.cut("do"):
            case "up" | "down" as way:
                return move_reply, MoveReply(clinic, reply, is_up=way == "up")
            case "remove":
                return remove_reply, RemoveReply(clinic, reply)
            case _:
                return save_reply, _reply(form, clinic, reply)

    return await _kept(request, str(reply), wish)


async def declines(request: Request[WebState]) -> Response:
    """Keep what requesters read of declines."""

    def wish(form: Form, clinic: ClinicId) -> tuple[UseCase[Any], object]:
        sentences = tuple((reason, form.cut(reason, limit=ROOM)) for reason in CHOICES)
        return word_declines, WordDeclines(clinic, sentences)

    return await _kept(request, "declines", wish)


def _reply(form: Form, clinic: ClinicId, reply: ReplyId | None = None) -> SaveReply:
    return SaveReply(clinic, form.cut("title", limit=ROOM), form.cut("text", limit=ROOM), reply)


async def _kept(request: Request[WebState], at: str, wish: Wish) -> Response:
    actor = await administrator(request)
    form = await read_form(request)
    clinic = id_in_path(request, "clinic")
    try:
        usecase, command = wish(form, ClinicId(clinic))
        outcome: Done = await request.state["store"].perform(usecase, command, actor, key=form.key)
    except InvalidError as refused:
        if prefers_json(request):
            raise
        problems = {refused.field: refused.sentence}
        return await _shown(request, actor, 422, at=at, typed=form.typed(), problems=problems)
    return done(request, outcome, f"/admin/clinics/{clinic}/replies")


async def _shown(
    request: Request[WebState], actor: Actor, status: int = 200, **given: Any
) -> Response:
    clinic_id = id_in_path(request, "clinic")

    def look(reading: Reading) -> Ready:
        clinic = own_clinic(reading, actor, clinic_id)
        replies = reading.saved_replies(clinic.id)
        return Ready(clinic, replies, reading.decline_sentences(clinic.id), **given)

    ready = await request.state["store"].read(look)
    return page(request, "admin/clinic_replies.html", status, clinic=ready.clinic, ready=ready)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, add, methods=["POST"]),
    Route(f"{PATH}/declines", declines, methods=["POST"]),
    Route(f"{PATH}/{{reply:number}}", change, methods=["POST"]),
]
