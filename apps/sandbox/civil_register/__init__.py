"""The sandbox's civil register: it speaks as the real one does, of the personas and of whoever enrolled.

people     who is in the register, and what it answers of some of them
searching  a strict search: found, rectified, near, or nobody
writing    the XML of an answer
views      the search itself, and the switch that breaks it down
"""
