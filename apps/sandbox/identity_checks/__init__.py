"""The identity checks of La Poste, simulated: the postman at one's door, or the counter.

models   a check: asked, then decided once
checks   asking and deciding
views    the page of the main site where anybody plays the postman
"""
