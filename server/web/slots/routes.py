"""The pages of a calendar, once for the provider themself and once for an administrator."""

from starlette.routing import BaseRoute, Route

from server.web.slots import sheet, week
from server.web.slots.whose import OF_OTHERS, OWN


def _pages(path: str) -> list[BaseRoute]:
    return [
        Route(path, week.show, methods=["GET"]),
        Route(f"{path}/copy", week.copy, methods=["POST"]),
        Route(f"{path}/new", sheet.new, methods=["GET", "POST"]),
        Route(f"{path}/time-off", sheet.new, methods=["GET", "POST"]),
        Route(f"{path}/{{rule:number}}", sheet.change, methods=["GET", "POST"]),
        Route(f"{path}/{{rule:number}}/end", sheet.end, methods=["POST"]),
        Route(f"{path}/{{rule:number}}/removal", sheet.remove, methods=["POST"]),
    ]


routes: list[BaseRoute] = [*_pages(OWN), *_pages(OF_OTHERS)]
