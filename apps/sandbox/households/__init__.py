"""Tax households: who declares together, and the fictional notice that each of them received.

catalogue   the households as frozen values, from the files or derived from a persona
views       the notice, to print
"""
