"""``/healthz``, ``/readyz`` and ``/metrics``: what a machine asks, and what a stranger may know."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.health.state import HealthState

Asked = Request[HealthState]


async def alive(_request: Asked) -> Response:
    """Answer: whoever reads this knows that the event loop turns. The database is not asked."""
    return PlainTextResponse("alive\n")


async def ready(request: Asked) -> Response:
    """Say 200 if pages may come, else 503 and which check is in the way."""
    checks = request.state["health"].readiness.checks()
    is_ready = all(found == "ok" for found in checks.values())
    return JSONResponse({"ready": is_ready, "checks": checks}, 200 if is_ready else 503)


async def metrics(request: Asked) -> Response:
    """Tell Prometheus everything."""
    page, content_type = request.state["health"].metrics.page(request.headers.get("accept", ""))
    return Response(page, headers={"Content-Type": content_type})


async def elsewhere(_request: Asked) -> Response:
    """Say where the figures are: how many people wait is nothing for whoever finds the console."""
    return PlainTextResponse("Metrics have a port of their own: DISPATCH_METRICS_PORT.\n", 404)


_PROBES = [Route("/healthz", alive, name="healthz"), Route("/readyz", ready, name="readyz")]
public_routes = [*_PROBES, Route("/metrics", elsewhere, name="metrics")]
own_routes = [*_PROBES, Route("/metrics", metrics, name="metrics")]
