"""What people do at the desk, one plain function each: command, actor, unit and now come in."""
