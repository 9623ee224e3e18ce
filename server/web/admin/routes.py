"""The pages of administration, in the order of the navigation in ``admin/layout.html``."""

from starlette.routing import BaseRoute

from server.web.admin import (
    account,
    clinic_alerts,
    clinic_replies,
    clinics,
    delivery,
    form_builder,
    importing,
    people,
)

routes: list[BaseRoute] = [
    *account.routes,
    *clinics.routes,
    *form_builder.routes,
    *clinic_replies.routes,
    *clinic_alerts.routes,
    *people.routes,
    *importing.routes,
    *delivery.routes,
]
