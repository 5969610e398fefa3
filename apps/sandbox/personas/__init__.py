"""Fictional people, one YAML file each, with their accounts at the identity providers.

Nobody here exists: names say so, e-mail addresses are at example.org, numbers are in ranges that
are not given. Each is here for one reason, which the file states in `reason`. Communes and
countries are real codes of INSEE's Code officiel géographique, coherent with the numbers.

A birth date may follow the calendar (`today-18y+1d`): it is resolved when an identity provider speaks.
A block `register` says what the civil register answers of this person, when that is not simply that
it found them (`apps.sandbox.civil_register.people`).

catalogue       the files as frozen values
accounts        the same people as rows of the sandbox's database
relative_dates  births that follow the calendar
civil_day       the day in Paris from which they are counted
"""
