"""The pages of administration, in the order of the navigation in ``admin/layout.html``."""

from starlette.routing import BaseRoute

from server.web.admin import account, clinics, delivery, form_builder, people

routes: list[BaseRoute] = [
    *account.routes,
    *clinics.routes,
    *form_builder.routes,
    *people.routes,
    *delivery.routes,
]
