"""The proof that nothing personal is at rest: play journeys as a canary, then look for it everywhere.

canaries    invented people whose values are rare enough to be looked for, as the sandbox wrote them
spellings   one value in every writing that it may take: cases, accents, words, dates
encodings   one spelling under every encoding that could hide it, as named needles
place       a place that may be read, as a stream of pieces
places      every place of this broker: what is searched, and what is not and why
tables      … the tables of its database, and the pages of their files, where deleted rows linger
files       … its logs and files, the temporary folder
proof       the search of needles in places
report      what was searched and what was found, in French; a value is never printed
browser     a browser without JavaScript
journeys    whole sign-ins on a sandbox that runs, told as a citizen would live them

`manage.py prove_privacy` does it all on a live sandbox; the suite does the same in its own process.
"""
