"""The doors of an identity provider: `citizen` for the person, `broker` for the machine."""
