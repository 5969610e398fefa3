"""« Connexion d’essai »: an agent signs in at a provider that no citizen sees, and reads how it went.

models   Trial: who tries which provider, and what came of it
report   what is kept of a trial: steps, level, claims by their form; never a value of the person
judging  the claims that were received → the lines of the report
shapes   the form of a value in words: « 2 mots, capitales sans accents »
wording  the rules and the flaws of each claim, as an agent reads them

The trip itself is the broker's (`broker/trial.py`), the pages are the back-office's: they meet in
these rows, and do not know each other.
"""
