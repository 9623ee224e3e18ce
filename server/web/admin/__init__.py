"""What administrators look after in the browser: a page for each thing, by its name in the path."""
