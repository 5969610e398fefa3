"""The three doors: service_provider, citizen, identity_provider; and what they share.

browser   the cookies that hold bearer secrets
choice_page, pages  the prepared values of each page
failures  an error of the catalogue as a page, a redirect or JSON
"""
