"""What an export says about itself, to somebody who has never seen the service."""

README = """\
An access log, to be checked by anybody
=======================================
This is the log {origin}: what was done and read in a service for domestic homicide reviews, by whom and when. It shows
{shown}; every other line is there as a hash, so that it is counted and cannot have been changed. It holds references,
codes and numbers of accounts; keep it as you would keep the service itself.

To check it you need Python 3.9 or newer, nothing else, and no network:

    python3 verify.py THIS.zip --key FINGERPRINT --checkpoint EARLIER

FINGERPRINT  the fingerprint of the log's key, as you were given it on paper or by telephone. Do not take it from this
             file: whoever made up a log would make up a key for it.
EARLIER      a checkpoint that somebody kept outside the service, older than this file: a copy of its checkpoints.log,
             an e-mail's lines, or one signed checkpoint. Kept in several files, they are all checked: write --checkpoint
             before each. Without one, nobody can tell whether lines were cut off the end, nor whether who holds the key
             wrote the log anew.
verify.py    take it from a place that did not give you this file, if you can: any other copy of the same version of
             the program makes the very same bytes (manage.py export_access_log --verifier verify.py).

It answers in plain sentences, and ends with 0 (whole), 1 (not whole; each fault is named) or 2 (cannot be checked).

What is here
------------
log.jsonl        the log, one line an entry, oldest first
checkpoint.txt   the signed head: how many lines there are, and the root of the tree over them
checkpoints.log  checkpoints that left the service earlier
inclusion.txt    for each entry that is shown, the proof that it is in the tree
consistency.txt  for each checkpoint, the proof that the next one continues it
key.txt          the public key
export.json      what is shown, when it was made
verify.py        the checker

docs/formats/access-log-v1.md of the program says what every byte means, precisely enough to write another checker.
"""
