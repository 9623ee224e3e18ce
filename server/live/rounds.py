"""What is due for open pages now and then: claims, sign-ins, fresh snapshots, and stalls."""

import logging
from collections.abc import Collection

from dispatch.errors import DispatchError
from dispatch.usecases.claims import EndClaims, RenewClaims, end_claims, renew_claims
from dispatch.vocabulary import LoginId
from server.live.answers import Answers, Want
from server.live.codes import Close
from server.live.connection import Connection
from server.live.heart import Heart
from server.live.hub import Hub
from server.live.outage import Outage
from server.live.revocation import check_again
from server.live.seams import Holder, Outside, Visitor
from server.live.settling import settle

log = logging.getLogger("dispatch.live")
_MOST_AT_ONCE = 500  # checked in one read: what fits into one list of a query
_GOLDEN = 0.618  # multiples of it spread evenly: sign-ins that came together are not due together


class Rounds:
    """Serves all sockets of the process from three tasks, instead of some in each socket."""

    def __init__(self, outside: Outside, hub: Hub, heart: Heart, answers: Answers) -> None:
        self._outside = outside
        self._pace = outside.pace
        self._hub = hub
        self._heart = heart
        self._answers = answers
        self._outage = Outage("those who look after open pages")
        self._count = 0

    def begin(self, connection: Connection) -> None:
        """Have this connection pinged and its sign-in checked now and then, from now on."""
        connection.revalidate_at = self._next_check()
        connection.ping_at = self._hub.elapsed() + self._pace.ping * (0.5 + self._spread() / 2)

    async def end_claims(self, connection: Connection) -> None:
        """Leave the claims of a page that is gone their grace only."""
        await self._claims(connection, EndClaims(connection.tab, connection.renewed_at))

    async def sweep_for_ever(self) -> None:
        """Cut what stalls or answers no ping. It waits for nobody, so nothing can hold it up."""
        while True:
            await self._outside.sleep(self._pace.sweep)
            if count := self._hub.sweep():
                log.info("live: %d sockets cut because their pages read nothing", count)
            self.ping()

    def ping(self) -> None:
        """Ask those pages for a sign of life that are due."""
        now = self._hub.elapsed()
        for connection in self._hub.connections:
            if connection.ping_at <= now:
                connection.ping_at = now + self._pace.ping
                connection.ping()

    async def go_for_ever(self) -> None:
        """Renew and check what is due."""
        while True:
            await self._outside.sleep(self._pace.sweep)
            await self.go()

    async def go(self) -> None:
        """Go to every connection that is due."""
        now = self._hub.elapsed()
        for connection in [*self._hub.connections]:
            if connection.renew_at <= now and not await self._renew(connection):
                return  # the database is away: the next round asks again
        await self.check_due()

    async def check_due(self) -> bool:
        """Check every sign-in and link that is due; return False if the database is away."""
        now = self._hub.elapsed()
        due = [each for each in self._hub.connections if each.revalidate_at <= now]
        logins = sorted({each.login_id for each in due if each.login_id is not None})
        linked = [each for each in due if isinstance(each.visitor, Holder)]
        try:
            for start in range(0, len(logins), _MOST_AT_ONCE):
                await self.check(logins[start : start + _MOST_AT_ONCE])
            for start in range(0, len(linked), _MOST_AT_ONCE):
                await self.check_links(linked[start : start + _MOST_AT_ONCE])
        except self._outside.troubles as trouble:
            self._outage.met("sign-ins cannot be checked", trouble)
            return False
        return True

    async def check_again(self, connection: Connection) -> None:
        """Ask now whether this one may still be here."""
        if connection.login_id is not None:
            await self.check([connection.login_id])
        else:
            await self.check_links([connection])

    async def check_links(self, connections: Collection[Connection]) -> None:
        """Send pages away whose link does not lead to its request any more; they say so anew."""
        links = {
            each: each.visitor.link for each in connections if isinstance(each.visitor, Holder)
        }
        requests = {link.request_id for link in links.values()}
        due_at = {each: each.revalidate_at for each in links}
        now = self._outside.clock.now()
        linked = await self._outside.store.read(lambda reading: reading.linked(requests))
        self._outage.over()
        for connection, link in links.items():
            if connection.revalidate_at == due_at[connection]:
                connection.revalidate_at = self._next_check()
            request = linked.get(link.request_id)
            if request is None or not request.lives_at(link, now):
                connection.end(Close.MEMBERSHIPS)
            elif connection.visitor != (holder := Holder(link, request.decided_at)):
                connection.visitor = holder

    async def check(self, logins: Collection[LoginId]) -> None:
        """Ask the database, in one read, whose these sign-ins are now; all their pages hear it."""
        asked = frozenset(logins)
        theirs = {
            each: each.revalidate_at for each in self._hub.connections if each.login_id in asked
        }
        now = self._outside.clock.now()
        actors = await self._outside.store.read(lambda reading: reading.logins(logins, now))
        self._outage.over()
        next_at = {login: self._next_check() for login in logins}
        for connection, due_at in theirs.items():
            login = connection.login_id
            if login is None:
                continue
            if connection.revalidate_at == due_at:  # else doubts came up while we asked
                connection.revalidate_at = next_at[login]
            check_again(connection, actors.get(login))

    async def recover_for_ever(self) -> None:
        """Give fresh snapshots to pages that can read again."""
        while True:
            await self.recover(await self._hub.lagging.get())

    async def recover(self, connection: Connection) -> None:
        """Send one snapshot of each stream, for all its views; check a doubted sign-in first."""
        if not connection.is_waiting():
            return
        if connection.revalidate_at <= self._hub.elapsed() and not await self.check_due():
            await self._outside.sleep(self._pace.sweep)
            self._hub.lagging.put_nowait(connection)
            return
        if not connection.is_waiting():
            return  # it was sent away, or stopped reading, while we asked
        why = connection.recover()
        wants = [Want(key, why=why) for key in sorted(connection.keys)]
        try:
            await settle(connection, wants, self._hub, self._answers)
        except self._outside.troubles as trouble:
            self._outage.met("no snapshot for a page", trouble)
            await self._outside.sleep(self._pace.sweep)
            connection.lag(why)
        else:
            self._outage.over()
            connection.recovered()

    async def _renew(self, connection: Connection) -> bool:
        if not connection.tab or not self._heart.pulse.may_hold_claims(connection):
            return True  # looked at again in the next round: a claim may be taken any moment
        if not await self._claims(connection, RenewClaims(connection.tab)):
            return False
        connection.renew_at = self._hub.elapsed() + self._pace.renew
        connection.renewed_at = self._outside.clock.now()
        return True

    async def _claims(self, connection: Connection, command: RenewClaims | EndClaims) -> bool:
        if not isinstance(connection.visitor, Visitor):
            return True  # whoever holds a link decides on nothing
        actor = connection.visitor.actor
        try:
            if isinstance(command, RenewClaims):
                await self._outside.store.perform(renew_claims, command, actor)
            else:
                await self._outside.store.perform(end_claims, command, actor)
        except DispatchError:
            pass  # disabled meanwhile: what is left of the lease runs out
        except self._outside.troubles as trouble:
            self._outage.met("claims cannot be kept", trouble)
            return False
        self._outage.over()
        return True

    def _next_check(self) -> float:
        return self._hub.elapsed() + self._pace.revalidate * (0.8 + 0.4 * self._spread())

    def _spread(self) -> float:
        self._count += 1
        return self._count * _GOLDEN % 1
