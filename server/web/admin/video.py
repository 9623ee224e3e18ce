"""How a clinic's visits get their video link; what is secret goes in and never comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.clinic import Clinic
from dispatch.people import Actor
from dispatch.ports import Reading
from dispatch.seen import link_seen, video_seen
from dispatch.usecases.video import SetHostLink, SetVideo, set_host_link, set_video
from dispatch.video import VideoSetting
from dispatch.vocabulary import ClinicId, PersonId, VideoKind
from server.web.admin.access import administrator, id_in_path, own_clinic
from server.web.admin.sheet import Sheet, filled, sent
from server.web.forms import Form, Problems, read_form
from server.web.replies import page
from server.web.state import WebState

FIELDS = ("address", "domain", "app_id", "key_id")
SAVED = {"video": "Saved.", "link": "The link is saved."}
_NO_NUMBER = "Choose a provider of this clinic."
_SECRET = "Enter the secret once more: no page holds one."
_CLINICS, _NOBODYS = 0, -1  # which form it is, beside those of the hosts


@dataclass(frozen=True, slots=True)
class Linked:
    """A provider, and the form of their own link."""

    id: PersonId
    name: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Video:
    """What is set, without the secret."""

    clinic: Clinic
    sheet: Sheet
    has_secret: bool
    hosts: Sequence[Linked]


async def show(
    request: Request[WebState], sheet: Sheet | None = None, at: int = _CLINICS
) -> Response:
    """Show what is set; a sheet is that of the form ``at`` a host, or of the clinic's."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    video = await request.state["store"].read(
        lambda reading: _video(reading, actor, clinic_id, sheet, at)
    )
    # A provider who has left meanwhile has no form here; what was wrong is said all the same.
    gone = sheet if at != _CLINICS and sheet is not None else video.sheet
    wrong = next((host.sheet for host in video.hosts if host.id == at), gone)
    return page(
        request,
        "admin/clinic_video.html",
        wrong.status,
        clinic=video.clinic,
        video=video,
        problems=wrong.problems,
        at=at,
        saved=SAVED.get(request.query_params.get("saved", ""), ""),
    )


async def save(request: Request[WebState]) -> Response:
    """Set the clinic's video."""
    actor = await administrator(request)
    clinic_id = ClinicId(id_in_path(request, "clinic"))
    form = await read_form(request)

    def read(problems: Problems) -> SetVideo | None:
        setting = problems.attempt(lambda: _setting(form, clinic_id))
        return None if setting is None else SetVideo(setting, form.cut("seen"))

    return await sent(
        request, set_video, read, actor, form, show, f"/admin/clinics/{clinic_id}/video?saved=video"
    )


async def save_link(request: Request[WebState]) -> Response:
    """Set a provider's own link."""
    actor = await administrator(request)
    clinic_id = id_in_path(request, "clinic")
    form = await read_form(request)
    at = Problems().attempt(lambda: form.integer("host")) or _NOBODYS

    def read(problems: Problems) -> SetHostLink | None:
        host = problems.attempt(lambda: form.integer("host", otherwise=_NO_NUMBER))
        link = problems.attempt(lambda: form.text("link", limit=500))
        return None if host is None else SetHostLink(PersonId(host), link or "", form.cut("seen"))

    return await sent(
        request,
        set_host_link,
        read,
        actor,
        form,
        lambda _, sheet: show(request, sheet, at),
        f"/admin/clinics/{clinic_id}/video?saved=link",
    )


def _video(reading: Reading, actor: Actor, clinic_id: int, sheet: Sheet | None, at: int) -> Video:
    clinic = own_clinic(reading, actor, clinic_id)
    setting = reading.video(clinic.id)
    hosts = []
    for host in reading.hosts_of(clinic.host_group.id):
        link = reading.host_link(host.id)
        typed = sheet if at == host.id else None
        hosts.append(Linked(host.id, host.name, filled(typed, {"link": link}, link_seen(link))))
    return Video(
        clinic,
        _sheet(setting, sheet if at == _CLINICS else None),
        bool(setting.secret),
        hosts,
    )


def _sheet(setting: VideoSetting, sheet: Sheet | None) -> Sheet:
    """Return the clinic's form; a secret that was typed is not given back, and that is said."""
    is_unset = setting.kind is VideoKind.ADDRESS and not setting.address
    kept = {name: getattr(setting, name) for name in FIELDS}
    kept["kind"] = VideoKind.NONE if is_unset else setting.kind
    shown = filled(sheet, kept, video_seen(setting))
    if sheet is not None and sheet.values.get("secret"):
        shown = replace(shown, problems={"secret": _SECRET, **shown.problems})
    return shown


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
