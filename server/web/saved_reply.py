"""A saved reply that was chosen in a form becomes part of the response, without a script."""

from collections.abc import Sequence

from starlette.requests import Request

from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.permissions import relations
from dispatch.ports import Reading
from dispatch.reply import SavedReply
from server.web.forms import Form
from server.web.places import number_of
from server.web.state import WebState


async def with_saved_reply(request: Request[WebState], actor: Actor, form: Form) -> Form:
    """Return the form with the chosen reply behind what was typed.

    A request that is not theirs to know of is left to whoever refuses it, with the one answer.

    Raises:
        InvalidError: it is none of the clinic's, or not any more.
    """
    chosen = form.optional_integer("saved")
    if chosen is None:
        return form
    number = number_of(request)

    def look(reading: Reading) -> Sequence[SavedReply] | None:
        asked = reading.request(actor.account_id, number)
        clinic = reading.clinic(actor.account_id, asked.clinic_id) if asked else None
        if asked is None or clinic is None or not relations(actor, asked, clinic):
            return None
        return reading.saved_replies(clinic.id)

    replies = await request.state["store"].read(look)
    if replies is None:
        return form
    text = next((reply.text for reply in replies if reply.id == chosen), None)
    if text is None:
        raise InvalidError("That saved reply is gone. Choose another.", field="saved")
    typed = form.typed().get("response", "").rstrip()
    return form.without("saved").having("response", f"{typed}\n{text}" if typed else text)
