"""The pages of administration, in the order of the navigation in ``admin/layout.html``."""

from starlette.routing import BaseRoute

from server.web.admin import account, clinics, delivery, people, video

routes: list[BaseRoute] = [
    *account.routes,
    *clinics.routes,
    *video.routes,
    *people.routes,
    *delivery.routes,
]
