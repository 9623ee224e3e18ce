"""Style sheets, scripts and icons: kept for ever under the address of their release."""

from starlette.responses import Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from server.settings import ROOT

FOR_EVER = "public, max-age=31536000, immutable"


class ReleasedFiles(StaticFiles):
    """Static files at ``/static/<release>/…``; those of another release are asked for anew."""

    def __init__(self, directory: PathLike = ROOT / "static") -> None:
        super().__init__(directory=directory)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, to be kept for ever if the address is the release that is running."""
        response = await super().get_response(path, scope)
        is_current = scope["path_params"].get("release") == scope["state"]["rendering"].release
        response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
        return response
