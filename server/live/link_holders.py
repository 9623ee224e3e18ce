"""Who holds the link of a request: read from its own word, and from no cookie."""

from collections.abc import Sequence

from dispatch.ports import Reading
from dispatch.status_link import read_token
from server.live.seams import Holder, Outside
from server.live.together import Together


class LinkEndedError(Exception):
    """It was a link of ours, and leads nowhere any more."""


class LinkHolders:
    """Lets in whoever holds a link; handshakes that come at once are read together."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._together = Together(self._read_all)

    async def holder_of(self, token: str) -> Holder | None:
        """Return who comes with this word; None: nobody gave it out.

        Raises:
            LinkEndedError: it has outlived its request.
        """
        holder, lives = await self._together.ask(token)
        if holder is not None and not lives:
            raise LinkEndedError
        return holder

    async def _read_all(self, tokens: Sequence[str]) -> Sequence[tuple[Holder | None, bool]]:
        now = self._outside.clock.now()

        def query(reading: Reading) -> list[tuple[Holder | None, bool]]:
            secret = reading.link_secret()
            links = [read_token(token, secret) for token in tokens]
            linked = reading.linked({link.request_id for link in links if link})
            found: list[tuple[Holder | None, bool]] = []
            for link in links:
                request = linked.get(link.request_id) if link else None
                lives = request is not None and link is not None and request.lives_at(link, now)
                decided_at = request.decided_at if request else None
                found.append((Holder(link, decided_at) if link else None, lives))
            return found

        return await self._outside.store.read(query)
