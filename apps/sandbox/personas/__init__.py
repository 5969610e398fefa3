"""Fictional people, one YAML file each, with their accounts at the identity providers.

Nobody here exists: names say so, e-mail addresses are at example.org, numbers are in ranges that
are not given. Each is here for one reason, which the file states in `reason`. Communes and
countries are real codes of INSEE's Code officiel géographique, coherent with the numbers.

catalogue   the files as frozen values
accounts    the same people as rows of the sandbox's database
"""
