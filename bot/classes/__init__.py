"""What is done for classes in the background: announcements, assignments, reports, the live pulse. Each module has the
work of a timer; the chat and the web pages start it."""
