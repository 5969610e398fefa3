"""How a citizen comes to own an account at an identity provider of the sandbox.

steps, fields   an enrolment as data: what is asked, what verifies it, what it makes
catalogue       every enrolment, and the page of each site where they begin
impots          three numbers of a tax notice, then a password
ameli           a NIR and who it belongs to, then a code that comes by post
laposte         an address confirmed by e-mail, then a civil status checked face to face
drafts          what was answered so far, on the server
pages           what the page of a step shows
remaining       what an account that is not verified still waits for
views           the pages, one set for every enrolment
"""
