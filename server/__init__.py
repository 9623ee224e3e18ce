"""The running thing: HTTP, WebSockets, SQL, Redis, templates. It imports ``dispatch``, never back.

A change travels: ``web`` turns a form into a command, ``storage`` runs the use case in one
transaction and rings the bell (``bus``), ``live`` reads what changed, renders it once per audience
and writes the same bytes to every socket. ``wiring`` builds all of it; ``app`` is the route table.
"""
