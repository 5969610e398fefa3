"""The mailbox of the sandbox: every message sent by SMTP on this machine ends here.

sink          the SMTP server, started by `manage.py smtp_sink`
opened_mail   a received message, opened: headers, text part, HTML part
views         the pages /courriels/
"""
