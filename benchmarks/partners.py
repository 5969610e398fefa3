"""Register what a sign-in needs: the service of the measure, three accounts on the choice page.

    python -m benchmarks.partners ISSUER…      (under settings.broker, the database migrated)

They are the Mairie and the accounts of the sandbox; the first accounts are those that serve.
"""

import sys

import django

CLIENT_ID = "mairie-de-saint-exemple"
CLIENT_SECRET = "s" * 43
CALLBACK = "https://mairie.example/connexion/retour"
SCOPE = "openid identite_pivot email preferred_username"
PROVIDER = "impots"
PROVIDERS = {PROVIDER: "Impôts", "ameli": "Assurance Maladie", "laposte": "La Poste – Identité"}


def register(*issuers: str) -> None:
    """Write the rows; the endpoints of the providers that serve are found by discovery."""
    from apps.identity_providers.models import IdentityProvider
    from apps.service_providers.models import ServiceProvider
    from benchmarks import identity_provider

    ServiceProvider.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        name="Mairie de Saint-Exemple",
        redirect_uris=CALLBACK,
        scopes=SCOPE.split(),
        pkce_required=True,
    )
    for order, (uid, title) in enumerate(PROVIDERS.items()):
        serves = order < len(issuers)
        origin = issuers[order] if serves else f"https://{uid}.example"
        endpoints = {} if serves else identity_provider.configuration(origin)
        IdentityProvider.objects.create(
            uid=uid,
            name=uid,
            title=f"{title} – bac à sable",
            hint="Votre identifiant et votre mot de passe",
            pictogram=f"franceconnect/pictograms/{uid}.svg",
            client_id=identity_provider.CLIENT_ID,
            client_secret=identity_provider.CLIENT_SECRET,
            order=order,
            **{"issuer": origin, **endpoints},
        )


if __name__ == "__main__":
    django.setup()
    register(*sys.argv[1:])
