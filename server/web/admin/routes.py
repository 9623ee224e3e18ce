"""The pages of administration, in the order of the navigation in ``admin/layout.html``."""

from starlette.routing import BaseRoute

from server.web.admin import (
    account,
    archive,
    audit,
    booking,
    clinic_alerts,
    clinic_replies,
    clinics,
    delivery,
    form_builder,
    groups,
    hours,
    importing,
    new_clinic,
    offer,
    people,
    person,
    person_roles,
    schedulers,
    services,
    video,
)

routes: list[BaseRoute] = [
    *account.routes,
    *new_clinic.routes,
    *clinics.routes,
    *video.routes,
    *hours.routes,
    *offer.routes,
    *schedulers.routes,
    *services.routes,
    *groups.routes,
    *form_builder.routes,
    *clinic_replies.routes,
    *clinic_alerts.routes,
    *archive.routes,
    *people.routes,
    *person.routes,
    *person_roles.routes,
    *booking.routes,
    *importing.routes,
    *delivery.routes,
    *audit.routes,
]
