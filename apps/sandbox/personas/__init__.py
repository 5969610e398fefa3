"""Fictional people, one YAML file each, with their accounts at the identity providers.

Nobody here exists: names say so, e-mail addresses are at example.org, numbers are in ranges that
are not given. Each is here for one reason, which the file states in `reason`. Communes and
countries are real codes of INSEE's Code officiel géographique, coherent with the numbers. People
add their own, judged by the same rules and kept in the sandbox's database.

A birth date may follow the calendar (`today-18y+1d`): it is resolved when an identity provider speaks.
A block `register` says what the civil register answers of this person, when that is not simply that
it found them (`register`).

catalogue         the files as frozen values
own               the personas that people add
directory         both, for whoever looks for somebody
accounts          the same people as rows of the sandbox's database
checking          whether a persona may be; faults says what is wrong
civil_status      … its identity, on the day of its birth
social_security   … and its NIR, which repeats it
relative_dates    births that follow the calendar
civil_day         the day in Paris from which they are counted
blocks            … what its document may hold, and what each block needs to have an effect
register          … what the civil register answers of it
traits            what makes a persona worth playing
documents         personas as YAML
sharing           personas as links
proposing         a whole document from the few things that a person fills in
"""
