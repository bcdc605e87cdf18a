"""The review of one death: what is known, decided, asked, drafted, sent and published, and by whom."""
