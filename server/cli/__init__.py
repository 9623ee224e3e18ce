"""What the command line does: run the console, run the demo, set an empty console up."""
