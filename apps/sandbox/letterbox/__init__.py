"""The paper letterbox of the sandbox: what was posted, once the postman came.

post     posting a letter, and what was delivered, on the clock of the sandbox
models   a letter
views    the pages /boite-aux-lettres/
"""
