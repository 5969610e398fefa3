"""The one way in which a form of the sandbox is drawn: a question, its boxes, what is wrong with it.

fields        a question as data: its words, its inputs, its parser
shown         a question with what was typed and its error, and the summary of them all
birthplaces   the questions of where one was born, and the commune that an answer names

`templates/sandbox/components/field.html` draws a question, `error_summary.html` the summary.
"""
