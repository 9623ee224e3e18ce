"""The audit log: who did what to which, and when; nobody's words are in it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.people import Person
from dispatch.ports import Reading
from dispatch.views import AuditLine
from dispatch.vocabulary import PersonId
from server.web.admin.access import administrator
from server.web.admin.spoken_audit import KINDS, Spoken, spoken
from server.web.forms import Form
from server.web.places import LARGEST_NUMBER
from server.web.replies import page
from server.web.state import WebState

PATH = "/admin/audit"
A_PAGE = 50  # lines


async def show(request: Request[WebState]) -> Response:
    """Show a page of it, by kind and by person where one was chosen."""
    actor = await administrator(request)
    wished = Form(request.query_params.multi_items())
    kind = next((one for one in KINDS if one == wished.cut("kind")), "")
    before, person_id = _number(wished, "before"), _number(wished, "person")

    def look(reading: Reading) -> tuple[list[AuditLine], Person | None]:
        lines = reading.audit(
            actor.account_id,
            kinds=f"{kind}." if kind else "",
            actor=None if person_id is None else PersonId(person_id),
            before=before,
            limit=A_PAGE + 1,
        )
        known = reading.person(actor.account_id, PersonId(person_id or 0))
        return list(lines), known

    found, person = await request.state["store"].read(look)
    lines: list[Spoken] = [spoken(line) for line in found[:A_PAGE]]
    return page(
        request,
        "admin/audit.html",
        lines=lines,
        kinds=KINDS,
        kind=kind,
        person=person,
        person_id=person_id,
        is_first=before is None,
        older=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
    )


def _number(wished: Form, name: str) -> int | None:
    """Return a number of the query; what is none is as good as nothing said."""
    text = wished.cut(name, limit=20)
    is_number = text.isascii() and text.isdigit()
    return int(text) if is_number and int(text) <= LARGEST_NUMBER else None


routes = [Route(PATH, show, methods=["GET"])]
