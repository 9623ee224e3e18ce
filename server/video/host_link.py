"""A provider's own fixed link: the same for all their visits, so their service lets people in."""

from dispatch.video import Entrance


def link(entrance: Entrance) -> str:
    """Return it; empty where the provider has none."""
    return entrance.host_link
