"""INSEE's Code officiel géographique (COG): where a person may have been born, and since when.

communes    current and former communes, with the days between which each code was in force
countries   countries and territories, those that no longer exist included
folding     names as a search compares them
building    writes data/communes.tsv.gz again, from the packages that data/README.md names

The room knows neither Django nor any other room: any site may ask it. Nothing is read before the
first question; data/README.md says where the data comes from, of which date, and what it lacks.
"""
