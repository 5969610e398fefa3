"""The one way in which a form of the sandbox is drawn: a question, its boxes, what is wrong with it.

fields   a question as data: its words, its inputs, its parser
shown    a question with what was typed and its error, and the summary of them all

`templates/sandbox/components/field.html` draws a question, `error_summary.html` the summary.
"""
