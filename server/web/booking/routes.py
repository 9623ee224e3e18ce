"""The pages of public calendars, in the order of their steps."""

from starlette.routing import BaseRoute, Route

from server.web.booking import asking, calendar, confirming

routes: list[BaseRoute] = [
    Route("/book/{slug}", calendar.start, methods=["GET"]),
    Route("/book/{slug}/times", calendar.times, methods=["GET"]),
    Route("/book/{slug}/you", asking.you, methods=["GET"]),
    Route("/book/{slug}/you", asking.you, methods=["POST"]),
    Route("/book/{slug}/questions", asking.questions, methods=["GET"]),
    Route("/book/{slug}/questions", asking.questions, methods=["POST"]),
    Route("/book/{slug}/review", asking.review, methods=["POST"]),
    Route("/book/{slug}/requests", asking.send, methods=["POST"]),
    Route("/book/{slug}/sent", asking.sent, methods=["GET"]),
    Route("/booking/{token}", confirming.show, methods=["GET"]),
    Route("/booking/{token}", confirming.confirm, methods=["POST"]),
]
