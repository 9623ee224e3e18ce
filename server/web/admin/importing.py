"""Bringing people in from a roster's files, looked through first or at once; no file is kept."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import PurePath

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.people import Actor
from server.enrolment import Enrolment, Places, check, enrol
from server.roster import Roster, read_files
from server.web.admin.access import administrator
from server.web.guards import UPLOAD_LIMIT_BYTES
from server.web.replies import page
from server.web.state import WebState

PATH = "/admin/people/import"
MOST_FILES = 8
_MOST_FIELDS = 100
_LONGEST_NAME = 80  # of a file, in the report
_NUMBER = re.compile(r"[0-9]{1,15}")
_MOST_LINES = 100  # of those left out, in the report


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: the people of its files, and the clinics whose groups they are to join."""

    roster: Roster
    clinics: frozenset[int]
    is_check: bool


async def show(request: Request[WebState]) -> Response:
    """Show the form."""
    actor = await administrator(request)
    return await _page(request, actor)


async def bring_in(request: Request[WebState]) -> Response:
    """Import the files, or say what that would come to."""
    actor = await administrator(request)  # before anything is read: it may be megabytes
    store = request.state["store"]
    chosen: frozenset[int] = frozenset()
    try:
        upload = await _read(request)
        chosen = upload.clinics
        outcome = await (
            check(store, actor, upload.roster)
            if upload.is_check
            else enrol(store, actor, upload.roster, await _places(request, actor, upload))
        )
    except InvalidError as refused:
        return await _page(request, actor, chosen, problem=refused, status=422)
    return await _page(request, actor, chosen, outcome=outcome, is_check=upload.is_check)


async def _read(request: Request[WebState]) -> Upload:
    """Return what was sent.

    Raises:
        InvalidError: not a form with files, or no file that holds a roster.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise InvalidError("Choose one or more NDJSON files.", field="files")
    async with AsyncExitStack() as stack:
        try:
            sent = await stack.enter_async_context(
                request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS)
            )
        except (MultiPartException, ValueError) as error:
            raise InvalidError(
                f"That could not be read. Choose up to {MOST_FILES} files at a time.", field="files"
            ) from error
        files = [
            (_file_name(one), one.file)
            for one in sent.getlist("files")
            if isinstance(one, UploadFile) and one.filename
        ]
        if not files:
            raise InvalidError("Choose one or more NDJSON files.", field="files")
        roster = await asyncio.to_thread(read_files, files)
        clinics = frozenset(
            int(one)
            for one in sent.getlist("clinic")
            if isinstance(one, str) and _NUMBER.fullmatch(one)
        )
        return Upload(roster, clinics, is_check=sent.get("do") != "import")


async def _places(request: Request[WebState], actor: Actor, upload: Upload) -> Places:
    """Return the groups of the clinics that were ticked; of another account's there are none."""
    clinics = [one for one in await _clinics(request, actor) if one.id in upload.clinics]
    if not clinics:
        raise InvalidError("Choose at least one clinic for them to join.", field="clinic")
    return Places(
        patient_groups=frozenset(clinic.patient_group.id for clinic in clinics),
        host_groups=frozenset(clinic.host_group.id for clinic in clinics),
        zone=clinics[0].zone,
    )


async def _clinics(request: Request[WebState], actor: Actor) -> Sequence[Clinic]:
    return await request.state["store"].read(
        lambda reading: [c for c in reading.clinics_of(actor) if not c.is_archived]
    )


async def _page(
    request: Request[WebState],
    actor: Actor,
    chosen: frozenset[int] = frozenset(),
    *,
    outcome: Enrolment | None = None,
    is_check: bool = False,
    problem: InvalidError | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "admin/import.html",
        status,
        clinics=await _clinics(request, actor),
        chosen=chosen,
        outcome=outcome,
        is_check=is_check,
        problems={problem.field: problem.sentence} if problem else {},
        most_lines=_MOST_LINES,
        most_mebibytes=UPLOAD_LIMIT_BYTES // (1024 * 1024),
        most_files=MOST_FILES,
    )


def _file_name(upload: UploadFile) -> str:
    """Return the last part of the name: a browser may send a path, anybody anything."""
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME] or "a file"


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(PATH, bring_in, methods=["POST"]),
]
