"""The three doors: service_provider, citizen, identity_provider; and what they share.

browser   the cookies that hold bearer secrets
steps     from an address to a sign-in, and from a sign-in to the next address
public    the pages that anybody may read, without a sign-in
choice_page, pages  the prepared values of each page
failures  an error of the catalogue as a page, a redirect or JSON
"""
