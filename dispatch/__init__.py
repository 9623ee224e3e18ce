"""The dispatch desk as a domain: who may ask, who may answer, and what happens in between.

Standard library only. Nothing here knows a clock, an event loop, SQL, JSON or HTML: time comes in
as ``now`` (aware UTC) and storage comes in as the Protocols of ``dispatch.ports``.

A request lives like this (``dispatch.lifecycle`` is the table)::

    submit ──> pending ──accept───> accepted ──return──┐
                 ▲ │ ├──decline──> (10 s to undo) ──> declined
                 │ │ ├──withdraw─> withdrawn
                 │ │ └──expire───> expired
                 └─┴───────────────────────────────────┘

Read in this order: ``vocabulary``, ``lifecycle``, ``request``, ``permissions``, ``usecases``.
"""
