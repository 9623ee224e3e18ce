"""Background work that any process may do: it is safe to do twice."""
