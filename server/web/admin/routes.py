"""The pages of administration, in the order of the navigation in ``admin/layout.html``."""

from starlette.routing import BaseRoute

from server.web.admin import account, clinics, delivery, importing, people

routes: list[BaseRoute] = [
    *account.routes,
    *clinics.routes,
    *people.routes,
    *importing.routes,
    *delivery.routes,
]
