"""Video services, an adapter each: where one person goes who joins one session."""
