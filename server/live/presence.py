"""Says for the providers whose pages this process holds that they are connected."""

import logging
from collections.abc import Collection
from typing import Any

from dispatch.events import host_stream
from dispatch.people import system_actor
from dispatch.ports import UseCase
from dispatch.usecases.connectedness import KeepConnected, LetGo, keep_connected, let_go
from dispatch.vocabulary import AccountId, PersonId
from server.live.hub import Hub
from server.live.seams import Outside, Visitor

log = logging.getLogger("dispatch.live")
Hosts = dict[PersonId, AccountId]


class Presence:
    """Looks once a second who has a dashboard open, and renews every ten."""

    def __init__(self, outside: Outside, hub: Hub) -> None:
        self._outside = outside
        self._hub = hub
        self._told: Hosts = {}
        self._renew_at = 0.0

    async def look_for_ever(self) -> None:
        """Look until cancelled; a database that is away is told in a later round."""
        while True:
            await self._outside.sleep(self._outside.pace.sweep)
            await self.look()

    async def look(self) -> None:
        """Tell who has come or gone, and now and then who is still there."""
        here = self._here()
        is_due = self._hub.elapsed() >= self._renew_at
        gone = {host: self._told[host] for host in self._told.keys() - here.keys()}
        new = here if is_due else {h: here[h] for h in here.keys() - self._told.keys()}
        try:
            await self._tell(keep_connected, KeepConnected, new)
            await self._tell(let_go, LetGo, gone)
        except self._outside.troubles as trouble:
            log.warning("live: who is connected cannot be told: %s", type(trouble).__name__)
            return
        self._told = here
        if is_due:
            self._renew_at = self._hub.elapsed() + self._outside.pace.renew

    def _here(self) -> Hosts:
        """Return the hosts whose own stream some page of theirs follows."""
        found: Hosts = {}
        for connection in self._hub.connections:
            visitor = connection.visitor
            if not isinstance(visitor, Visitor) or not connection.tab or connection.is_closed:
                continue
            actor = visitor.actor
            if host_stream(actor.person_id) in connection.streams:
                found[actor.person_id] = actor.account_id
        return found

    async def _tell(self, usecase: UseCase[Any], command: Any, hosts: Hosts) -> None:
        for account in sorted(set(hosts.values())):
            theirs: Collection[PersonId] = [h for h in sorted(hosts) if hosts[h] == account]
            actor = system_actor(account)
            await self._outside.store.perform(usecase, command(tuple(theirs)), actor)
