"""The bench side by side: this server and what a user would pick instead."""
