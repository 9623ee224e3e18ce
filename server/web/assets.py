"""Style sheets, scripts and icons: kept for ever under the address of their release."""

import mimetypes

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.web.state import WebState

FOR_EVER = "public, max-age=31536000, immutable"
WORTH_PACKING_BYTES = 500


async def released_file(request: Request[WebState]) -> Response:
    """Return a static file, to be kept for ever if the address is the release that is running.

    A page of another release, while workers are renewed, gets the file as it is now: a script holds
    all of its modules, so what it gets fits together.
    """
    shipped, path = request.state["rendering"].shipped, request.path_params["path"]
    if path not in shipped.files:
        raise HTTPException(404)
    is_current = request.path_params["release"] == shipped.release
    headers = {
        "Cache-Control": FOR_EVER if is_current else "no-cache",
        "ETag": f'W/"{shipped.release}"',  # weak: packed or not, it is the same file
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    content = shipped.files[path]
    # Packed here only: these hold no secret that a length could give away.
    if len(content) >= WORTH_PACKING_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        content = shipped.packed(path)
        headers["Content-Encoding"] = "gzip"
    kind = mimetypes.guess_type(path)[0] or "text/plain"
    return Response(content, headers=headers, media_type=kind)


routes = [Route("/static/{release}/{path:path}", released_file, methods=["GET"])]
