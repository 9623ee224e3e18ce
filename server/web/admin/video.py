"""How a clinic's visits get their video link; what is secret goes in and never comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.usecases.video import SetHostLink, SetVideo, set_host_link, set_video
from dispatch.video import VideoSetting
from dispatch.vocabulary import ClinicId, PersonId, VideoKind
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.forms import Form, read_form
from server.web.replies import page, see_other
from server.web.state import WebState

FIELDS = ("address", "domain", "app_id", "key_id")
SAVED = {"video": "Saved.", "link": "The link is saved."}
_NO_NUMBER = "Choose a provider of this clinic."


@dataclass(frozen=True, slots=True)
class Linked:
    """A provider and their own link."""

    id: PersonId
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Video:
    """What is set, without the secret."""

    clinic: Clinic
    kind: VideoKind
    typed: Mapping[str, str]
    has_secret: bool
    hosts: Sequence[Linked]


async def show(request: Request[WebState]) -> Response:
    """Show what is set."""
    actor = await administrator(request)
    saved = SAVED.get(request.query_params.get("saved", ""), "")
    return await _shown(request, actor, saved=saved)


async def save(request: Request[WebState]) -> Response:
    """Set the clinic's video."""
    actor = await administrator(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    form = await read_form(request)
    try:
        setting = _setting(form, clinic_id)
        await request.state["store"].perform(set_video, SetVideo(setting), actor, key=form.key)
    except InvalidError as refused:
        problems = {refused.field: refused.sentence}
        return await _shown(request, actor, form=form, problems=problems)
    return see_other(f"/admin/clinics/{clinic_id}/video?saved=video")


async def save_link(request: Request[WebState]) -> Response:
    """Set a provider's own link."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    form = await read_form(request)
    host = PersonId(0)
    try:
        host = PersonId(form.integer("host", otherwise=_NO_NUMBER))
        command = SetHostLink(host, form.text("link", limit=500))
        await request.state["store"].perform(set_host_link, command, actor, key=form.key)
    except InvalidError as refused:
        problems = {refused.field: refused.sentence}
        return await _shown(request, actor, problems=problems, wrong_host=host)
    return see_other(f"/admin/clinics/{clinic_id}/video?saved=link")


async def _shown(
    request: Request[WebState],
    actor: Actor,
    *,
    form: Form | None = None,
    problems: Mapping[str, str] | None = None,
    wrong_host: int = 0,
    saved: str = "",
) -> Response:
    clinic_id = id_in_path(request, "clinic")
    video = await request.state["store"].read(lambda reading: _video(reading, actor, clinic_id))
    typed = video.typed if form is None else {name: form.cut(name) for name in FIELDS}
    return page(
        request,
        "admin/clinic_video.html",
        422 if problems else 200,
        clinic=video.clinic,
        kind=video.kind if form is None else form.cut("kind"),
        typed=typed,
        has_secret=video.has_secret,
        hosts=video.hosts,
        problems=problems or {},
        wrong_host=wrong_host,
        saved=saved,
    )


def _video(reading: Reading, actor: Actor, clinic_id: int) -> Video:
    clinic = own_clinic(reading, actor, clinic_id)
    setting = reading.video(clinic.id)
    is_unset = setting.kind is VideoKind.ADDRESS and not setting.address
    hosts = reading.hosts_of(clinic.host_group.id)
    return Video(
        clinic,
        VideoKind.NONE if is_unset else setting.kind,
        {name: getattr(setting, name) for name in FIELDS},
        bool(setting.secret),
        [Linked(host.id, host.name, reading.host_link(host.id)) for host in hosts],
    )


def _setting(form: Form, clinic_id: ClinicId) -> VideoSetting:
    return VideoSetting(
        clinic_id,
        form.choice("kind", VideoKind, otherwise="Choose where visits take place."),
        address=form.text("address", limit=500),
        domain=form.text("domain", limit=260),
        app_id=form.text("app_id"),
        secret=form.raw("secret", limit=500),
        key_id=form.text("key_id"),
    )


routes = [
    Route("/admin/clinics/{id:number}/video", show, methods=["GET"]),
    Route("/admin/clinics/{id:number}/video", save, methods=["POST"]),
    Route("/admin/clinics/{id:number}/video/links", save_link, methods=["POST"]),
]
