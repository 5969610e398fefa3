"""The civil register, over HTTP: one question, one answer, nothing kept.

client      ask whether a person exists, within a deadline and a size
xml_answer  its XML as a `SearchResult` of the law
failures    no answer to judge
checks      what `check --deploy` refuses

What is asked and what may be believed of the answer is in `apps.protocol.civil_register`. The
register answers or it does not (`RegisterError`): what that means for a citizen is the broker's to say,
and for an agent the back-office's.
"""
