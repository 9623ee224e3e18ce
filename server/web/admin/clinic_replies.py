"""The words that a clinic keeps ready: saved replies in its order, and a sentence per decline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import NotFoundError
from dispatch.people import Actor
from dispatch.ports import Reading, UseCase
from dispatch.reply import CHOICES, RESPONSE_LIMIT, TITLE_LIMIT, SavedReply
from dispatch.seen import reply_seen, sentences_seen
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
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, read_form
from server.web.places import LARGEST_NUMBER
from server.web.replies import page, prefers_json
from server.web.sheet import REASONS
from server.web.state import WebState

PATH = "/admin/clinics/{id:number}/replies"
NEW, DECLINES = "new", "declines"  # which form it is, beside those of the replies
ROOM = 20_000  # what is read and given back; the use case refuses far less than that
_GONE = (
    "Somebody deleted this reply since you opened it. What you typed is below: "
    "add it if it should be one again."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply, and its form."""

    reply: SavedReply
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Ready:
    """What the page shows: a form for each reply, one for a new one, and one for the declines."""

    clinic: Clinic
    replies: Sequence[Kept]
    new: Sheet
    declines: Sheet
    at: str = ""  # the form that was refused: one of the two, or the id of a reply
    problems: Mapping[str, str] = field(default_factory=dict)  # of that form

    @property
    def reasons(self) -> list[tuple[DeclineReason, str]]:
        """Return the reasons with the words that staff choose by."""
        return [(reason, REASONS[reason]) for reason in CHOICES]

    @property
    def limits(self) -> tuple[int, int]:
        """Return how many characters a name and a text may have."""
        return TITLE_LIMIT, RESPONSE_LIMIT


async def show(request: Request[WebState], sheet: Sheet | None = None, at: str = "") -> Response:
    """Show the clinic's ready words; a sheet is that of the form ``at``."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")

    def look(reading: Reading) -> Ready:
        clinic = own_clinic(reading, actor, clinic_id)
        sentences = reading.decline_sentences(clinic.id)
        kept = {str(reason): words for reason, words in sentences.items()}
        return Ready(
            clinic,
            [_kept(reply, at, sheet) for reply in reading.saved_replies(clinic.id)],
            (sheet if at == NEW else None) or Sheet(),
            filled(sheet if at == DECLINES else None, kept, sentences_seen(sentences)),
            at,
            sheet.problems if sheet else {},
        )

    ready = await request.state["store"].read(look)
    status = sheet.status if sheet else 200
    return page(request, "admin/clinic_replies.html", status, clinic=ready.clinic, ready=ready)


async def add(request: Request[WebState]) -> Response:
    """Keep one more reply."""
    actor = await administrator(request)
    form, clinic = await read_form(request), ClinicId(id_in_path(request, "clinic"))
    return await _done(request, actor, form, save_reply, _reply(form, clinic), NEW)


async def change(request: Request[WebState]) -> Response:
    """Save one reply with other words, move it, or let go of it, as the pressed button says."""
    actor = await administrator(request)
    form, clinic = await read_form(request), ClinicId(id_in_path(request, "clinic"))
    number: int = request.path_params["reply"]
    reply = ReplyId(min(number, LARGEST_NUMBER))
    match form.cut("do"):
        case "up" | "down" as way:
            moved = MoveReply(clinic, reply, is_up=way == "up")
            return await _done(request, actor, form, move_reply, moved, str(reply))
        case "remove":
            gone = RemoveReply(clinic, reply)
            return await _done(request, actor, form, remove_reply, gone, str(reply))
        case _:
            return await _save(request, actor, form, clinic, reply)


async def declines(request: Request[WebState]) -> Response:
    """Keep what requesters read of declines."""
    actor = await administrator(request)
    form, clinic = await read_form(request), ClinicId(id_in_path(request, "clinic"))
    sentences = tuple((reason, form.cut(reason, limit=ROOM)) for reason in CHOICES)
    command = WordDeclines(clinic, sentences, form.cut("seen"))
    return await _done(request, actor, form, word_declines, command, DECLINES)


async def _save(
    request: Request[WebState], actor: Actor, form: Form, clinic: ClinicId, reply: ReplyId
) -> Response:
    try:
        saved = _reply(form, clinic, reply)
        return await _done(request, actor, form, save_reply, saved, str(reply))
    except NotFoundError:
        if prefers_json(request):
            raise
        return await show(request, Sheet(form.typed(), {"": _GONE}, status=409), NEW)


def _reply(form: Form, clinic: ClinicId, reply: ReplyId | None = None) -> SaveReply:
    title, text = form.cut("title", limit=ROOM), form.cut("text", limit=ROOM)
    return SaveReply(clinic, title, text, reply, form.cut("seen") if reply else None)


def _kept(reply: SavedReply, at: str, sheet: Sheet | None) -> Kept:
    typed = sheet if at == str(reply.id) else None
    kept = {"title": reply.title, "text": reply.text}
    return Kept(reply, filled(typed, kept, reply_seen(reply)))


async def _done(
    request: Request[WebState],
    actor: Actor,
    form: Form,
    usecase: UseCase[Any],
    command: object,
    at: str,
) -> Response:
    return await sent(
        request,
        usecase,
        lambda _: command,
        actor,
        form,
        lambda _, sheet: show(request, sheet, at),
        f"/admin/clinics/{id_in_path(request, 'clinic')}/replies",
    )


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, add, methods=["POST"]),
    Route(f"{PATH}/declines", declines, methods=["POST"]),
    Route(f"{PATH}/{{reply:number}}", change, methods=["POST"]),
]
