"""The plaintext census: canaries through every door of a deployment made for it, and a hunt for them everywhere else.

canaries, sieve   what is planted, and how it is found again in any bytes
settings, scratch the deployment that is made for this and thrown away
browser, walk_*   the walk of invented people through every form
watching          what passes by while they walk: log lines, statements, mail, files made and deleted
places, hunting   what is left afterwards: tables, files, backups, caches, sessions
doors             whether every door was gone through
"""
