"""A PostgreSQL and a Redis to try the console on; whoever runs it for a clinic brings their own."""
