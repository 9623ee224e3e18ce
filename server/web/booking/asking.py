"""The last steps: who you are, the clinic's questions, a look at everything, and sending it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatch.contact import checked_email, checked_name, checked_phone
from dispatch.errors import AlreadySentError, FormChangedError, InvalidError, TooManyTriesError
from dispatch.people import Actor, system_actor
from dispatch.ports import Done, Reading
from dispatch.submission import NOTE_LIMIT
from dispatch.tries import Limit
from dispatch.usecases.booking import AskForTimes, AskUnknown, ask_for_times, ask_unconfirmed
from server.peers.address import place_of
from server.web import questions as clinics_own
from server.web.booking.calendar import times_sheet
from server.web.booking.steps import AskSheet, again, back_to_times, step
from server.web.booking.visitor import viewer_of, visitor
from server.web.forms import Form, Problems
from server.web.replies import page, see_other
from server.web.state import WebState
from server.web.tries import count, forgive

OF_PLACE = Limit(10, 40)  # a whole street can be behind one address
OF_ADDRESS = Limit(3, 10)  # an e-mail address, from one place


@step
async def you(request: Request[WebState], sheet: AskSheet, form: Form) -> Response:
    """Ask who they are; members have said so by signing in."""
    if sheet.visitor.member is not None:
        return see_other(sheet.wish.address(f"{sheet.visitor.path}/questions"))
    return page(request, "booking/you.html", sheet=sheet)


@step
async def questions(request: Request[WebState], sheet: AskSheet, form: Form) -> Response:
    """Ask what the clinic wants to know."""
    if request.method == "GET" and sheet.visitor.member is None:
        return see_other(sheet.wish.address(f"{sheet.visitor.path}/you"))
    return _refuse_who(request, sheet, form) or page(request, "booking/questions.html", sheet=sheet)


@step
async def review(request: Request[WebState], sheet: AskSheet, form: Form) -> Response:
    """Show everything once more before it is sent."""
    refused = _refuse_who(request, sheet, form) or _refuse_answers(request, sheet, form)
    return refused or page(request, "booking/review.html", sheet=sheet)


@step
async def send(request: Request[WebState], sheet: AskSheet, form: Form) -> Response:
    """Put it on the board, or mail somebody not known yet a link to confirm it."""
    refused = _refuse_who(request, sheet, form) or _refuse_answers(request, sheet, form)
    member = sheet.visitor.member
    if refused is None and member is None:
        refused = await _refuse_haste(request, sheet, form)
    if refused is not None:
        return refused
    try:
        outcome = await _perform(request, sheet, form, member)
    except AlreadySentError as wrong:
        # What was sent first stands; another request is another sheet of paper.
        if member is None:
            await forgive(request, _limits(request, form))
        sheet = _as_typed(sheet, form.without("key"))
        return again(request, "review", sheet, {"": wrong.sentence}, 409)
    except FormChangedError as wrong:
        return again(
            request, "questions", await _asked_anew(request, sheet, form), {"": wrong.sentence}, 409
        )
    except InvalidError as wrong:
        if wrong.field.startswith("time"):
            return await _gone_meanwhile(request, sheet)
        return again(request, "review", sheet, {"": wrong.sentence}, 422)
    if member is None:
        return see_other(f"{sheet.visitor.path}/sent")
    return see_other(f"/requests/{outcome.number}{'?already=1' if outcome.was_there else ''}")


async def sent(request: Request[WebState]) -> Response:
    """Say where to look for the message; nobody learns from it whether an address is known."""
    viewer, slug = await viewer_of(request), request.path_params["slug"]
    found = await request.state["store"].read(lambda reading: visitor(reading, slug, viewer))
    return page(request, "booking/sent.html", visitor=found)


async def _perform(
    request: Request[WebState], sheet: AskSheet, form: Form, member: Actor | None
) -> Done:
    store, slug = request.state["store"], sheet.visitor.shown.calendar.slug
    given = sheet.questions.read(form, Problems())
    note = form.text("note", limit=NOTE_LIMIT)
    service, times, zone = sheet.service.id, sheet.wish.times, sheet.zone
    if member is not None:
        asks = AskForTimes(slug, service, times, zone, note, given)
        return await store.perform(ask_for_times, asks, member, key=form.key)
    stranger = AskUnknown(
        slug=slug,
        service_id=service,
        times=times,
        zone=zone,
        name=form.text("name"),
        email=form.text("email", limit=320),
        phone=form.text("phone"),
        note=note,
        given=given,
    )
    system = system_actor(sheet.visitor.shown.calendar.account_id)
    return await store.perform(ask_unconfirmed, stranger, system, key=form.key)


async def _gone_meanwhile(request: Request[WebState], sheet: AskSheet) -> Response:
    found, service, wish, now = sheet.visitor, sheet.service, sheet.wish, sheet.now
    times = await request.state["store"].read(
        lambda reading: times_sheet(reading, found, service, wish, now)
    )
    return back_to_times(request, times)


async def _asked_anew(request: Request[WebState], sheet: AskSheet, form: Form) -> AskSheet:
    """Return the step with the clinic's questions as they are by now."""
    clinic = sheet.visitor.shown.clinic.id

    def look(reading: Reading) -> clinics_own.Questions:
        return clinics_own.as_sent(reading, clinic, form)

    return _as_typed(sheet, form, await request.state["store"].read(look))


def _as_typed(
    sheet: AskSheet, form: Form, questions: clinics_own.Questions | None = None
) -> AskSheet:
    asked = questions or sheet.questions
    typed = form.typed()
    return AskSheet(sheet.visitor, sheet.service, sheet.wish, sheet.zone, sheet.now, asked, typed)


def _refuse_who(request: Request[Any], sheet: AskSheet, form: Form) -> Response | None:
    """Return the step again that asks who they are, if that is not said well."""
    if sheet.visitor.member is not None:
        return None
    problems = Problems()
    problems.attempt(lambda: checked_name(form.text("name")))
    problems.attempt(lambda: checked_email(form.text("email", limit=320)))
    problems.attempt(lambda: checked_phone(form.text("phone")))
    return again(request, "you", sheet, problems.by_field, 422) if problems.by_field else None


def _refuse_answers(request: Request[Any], sheet: AskSheet, form: Form) -> Response | None:
    """Return the clinic's questions again, if an answer cannot be used."""
    problems = Problems()
    sheet.questions.read(form, problems)
    problems.attempt(lambda: form.text("note", limit=NOTE_LIMIT))
    return again(request, "questions", sheet, problems.by_field, 422) if problems.by_field else None


async def _refuse_haste(request: Request[WebState], sheet: AskSheet, form: Form) -> Response | None:
    """Return how long to wait, if enough came from this place; count this one if not.

    The e-mail address counts for this place alone, so nobody learns what others have sent.
    """
    try:
        await count(request, _limits(request, form))
    except TooManyTriesError as refused:
        sentence = f"There were too many requests. Wait {refused.spoken}, then send it again."
        reply = again(request, "review", sheet, {"": sentence}, 429)
        reply.headers["Retry-After"] = str(refused.seconds)
        return reply
    return None


def _limits(request: Request[WebState], form: Form) -> dict[str, Limit]:
    place = place_of(request, request.state["settings"].trusted_proxies)
    email = checked_email(form.text("email", limit=320))
    return {f"books from {place}": OF_PLACE, f"books from {place} as {email}": OF_ADDRESS}
