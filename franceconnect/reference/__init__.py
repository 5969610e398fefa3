"""The reference: docs/reference printed from the tables of the code, and checked to be fresh.

    python -m franceconnect.reference            write the pages
    python -m franceconnect.reference --check    write nothing, name the pages that are stale

pages        every page, its title, and where it comes from
law          errors, claims, scopes, journey: the tables of apps.protocol
registers    events and facts of the journal, partner files of the two registries
environment  the variables read by franceconnect.settings.base, with what they mean
addresses    the URLs of the three sites; each is read in a process under its own settings
markdown     tables and headings

Nobody edits the pages. They are in French: their readers run the platform or plug into it.
"""
