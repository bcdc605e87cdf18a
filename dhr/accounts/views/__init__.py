"""Pages: the door, your account, people, the outbox, and what is shown when something goes wrong."""
