"""The outbox: what must be told to a citizen, written where the fact is written, sent elsewhere.

kinds       the catalogue of messages: what each says, which words it may carry
policy      when a citizen is told of a sign-in (setting NOTIFICATION_POLICY)
outbox      message(): the insertion that goes with the statement of its fact
models      Message: recipient sealed, blanked once the message is sent or given up
bell        wakes the worker after the commit, without ever delaying or failing a request
delivery    claims what is due, sends it, writes what became of it
mail        the e-mail of a message: subject, text and HTML
tasks       what the worker and its clock call

The outbox is the queue, Celery is only its bell: a bell that nobody hears costs five seconds, the
time of the next sweep. Delivery is at least once: a worker killed between the relay's 250 and the
row's UPDATE sends again, under the same Message-ID.
"""
