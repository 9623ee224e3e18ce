"""Who is at the other end of a connection, and how long anybody waits for them."""
