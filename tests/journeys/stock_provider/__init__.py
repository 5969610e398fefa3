"""A certified OpenID provider that nobody here wrote (npm `oidc-provider`), set up in provider.mjs."""
