"""Every check, in the order of a report: its words, and the clause behind it.

What is looked at and how is in the modules of this package; here is why it matters, for an agent
who does not have the standard open.
"""

from typing import Final

from apps.identity_providers.analysis.findings import Check, Group

CATALOGUE: Final[dict[str, Check]] = {}


def _declare(name: str, group: Group, title: str, why: str, reference: str) -> Check:
    check = Check(name, group, title, why, reference)
    if name in CATALOGUE:
        raise ValueError(f"check declared twice: {name}")
    CATALOGUE[name] = check
    return check


ADDRESS = _declare(
    "address",
    Group.NETWORK,
    "Adresse de l’émetteur",
    "L’émetteur est le nom du fournisseur : il est comparé caractère par caractère à ce que ses "
    "jetons contiennent, et il protège l’échange s’il est en https.",
    "OpenID Connect Discovery 1.0 §3, issuer",
)
DNS = _declare(
    "dns",
    Group.NETWORK,
    "Nom de domaine (DNS)",
    "Sans adresse IP derrière le nom, aucune connexion n’est possible.",
    "RFC 1034 §3.6",
)
PUBLIC_ADDRESS = _declare(
    "public_address",
    Group.NETWORK,
    "Adresse refusée",
    "FranceConnect n’appelle que des adresses publiques, sur les ports admis : une autre lui ferait "
    "lire ce que seul son réseau doit voir (SSRF).",
    "OWASP ASVS 5.0 §1.3.6",
)
TCP = _declare(
    "tcp",
    Group.NETWORK,
    "Connexion (TCP)",
    "Le serveur doit accepter les connexions depuis le réseau de FranceConnect.",
    "RFC 9293 §3.5",
)
TLS = _declare(
    "tls",
    Group.NETWORK,
    "Chiffrement et certificat (TLS)",
    "Le certificat prouve que le serveur est bien celui du fournisseur. Sans cette preuve, un tiers "
    "pourrait délivrer de fausses identités.",
    "RFC 9325 §3.1, RFC 9110 §4.3.4",
)
CERTIFICATE = _declare(
    "certificate",
    Group.NETWORK,
    "Fin de validité du certificat",
    "Le jour où il expire, plus personne ne peut se connecter avec ce compte.",
    "RFC 5280 §4.1.2.5",
)
HTTP = _declare(
    "http",
    Group.NETWORK,
    "Réponse du serveur (HTTP)",
    "Le document de découverte doit être servi à l’adresse exacte que l’émetteur désigne : "
    "FranceConnect ne suit aucune redirection, qui pourrait mener ailleurs.",
    "OpenID Connect Discovery 1.0 §4.2",
)
JSON = _declare(
    "json",
    Group.DOCUMENT,
    "Contenu JSON",
    "Un document que deux logiciels liraient différemment n’est pas utilisé.",
    "OpenID Connect Discovery 1.0 §4.2, RFC 8259",
)
CONTENT_TYPE = _declare(
    "content_type",
    Group.DOCUMENT,
    "Type de contenu",
    "La norme impose application/json ; d’autres partenaires du fournisseur pourraient être plus "
    "stricts que FranceConnect.",
    "OpenID Connect Discovery 1.0 §4.2",
)
ISSUER = _declare(
    "issuer",
    Group.DOCUMENT,
    "Émetteur publié",
    "Un document qui parle pour un autre émetteur permettrait de confondre deux fournisseurs. Une "
    "barre oblique de trop suffit à faire refuser chaque jeton.",
    "OpenID Connect Discovery 1.0 §4.3, RFC 9700 §4.4",
)
ENDPOINTS = _declare(
    "endpoints",
    Group.DOCUMENT,
    "Adresses publiées",
    "Ce sont les adresses où l’usager est envoyé, et celles que FranceConnect appelle.",
    "OpenID Connect Discovery 1.0 §3",
)
HOSTS = _declare(
    "hosts",
    Group.DOCUMENT,
    "Serveur des adresses",
    "Une adresse chez un autre hôte que l’émetteur peut être voulue ; elle peut aussi être une "
    "erreur de configuration ou un détournement.",
    "OWASP ASVS 5.0 §10.5.3",
)
RESPONSE_TYPES = _declare(
    "response_types",
    Group.PROTOCOL,
    "Cinématique du code",
    "FranceConnect n’utilise que le code d’autorisation : aucun jeton ne passe par le navigateur.",
    "OpenID Connect Discovery 1.0 §3, response_types_supported",
)
TOKEN_AUTH = _declare(
    "token_auth",
    Group.PROTOCOL,
    "Authentification de FranceConnect",
    "FranceConnect prouve qui il est par son secret, dans le formulaire ou dans l’en-tête, ou par une "
    "signature (private_key_jwt).",
    "OpenID Connect Core 1.0 §9",
)
PKCE = _declare(
    "pkce",
    Group.PROTOCOL,
    "PKCE (S256)",
    "PKCE empêche d’utiliser un code volé. FranceConnect l’envoie toujours.",
    "RFC 7636 §4.2, RFC 9700 §2.1.1",
)
ISS = _declare(
    "iss",
    Group.PROTOCOL,
    "Émetteur dans la réponse (iss)",
    "Le paramètre iss dit qui répond : il protège de la confusion entre deux fournisseurs.",
    "RFC 9207 §2",
)
ID_TOKEN_ALG = _declare(
    "id_token_alg",
    Group.PROTOCOL,
    "Signature de l’ID token",
    "FranceConnect vérifie ES256, RS256 et HS256. ES256 est préféré : signatures courtes, et aucun "
    "secret partagé.",
    "OpenID Connect Core 1.0 §2, RFC 7518 §3.1",
)
USERINFO_ALG = _declare(
    "userinfo_alg",
    Group.PROTOCOL,
    "Signature de l’identité (userinfo)",
    "Une identité signée peut être vérifiée ; une identité en JSON n’est protégée que par TLS.",
    "OpenID Connect Core 1.0 §5.3.2",
)
ENCRYPTION = _declare(
    "encryption",
    Group.PROTOCOL,
    "Chiffrement des jetons",
    "Les jetons sont échangés de serveur à serveur, sous TLS. Ils sont aussi chiffrés quand la fiche le "
    "demande.",
    "OpenID Connect Core 1.0 §10.2",
)
END_SESSION = _declare(
    "end_session",
    Group.PROTOCOL,
    "Déconnexion",
    "Sans adresse de déconnexion, la session de l’usager chez le fournisseur reste ouverte après "
    "qu’il a quitté le service : sur un poste partagé, c’est un risque.",
    "OpenID Connect RP-Initiated Logout 1.0 §2.1",
)
SCOPES = _declare(
    "scopes",
    Group.IDENTITY,
    "Scopes proposés",
    "FranceConnect demande openid, profile, email et birth.",
    "OpenID Connect Core 1.0 §5.4",
)
CLAIMS = _declare(
    "claims",
    Group.IDENTITY,
    "Identité pivot",
    "Les six données d’état civil identifient la personne ; sans courriel, la connexion est refusée.",
    "OpenID Connect Core 1.0 §5.1, fournisseurs d’identité FranceConnect",
)
ACR = _declare(
    "acr",
    Group.IDENTITY,
    "Niveaux de garantie (acr)",
    "Un service demande un niveau ; un compte qui n’annonce aucun niveau ne peut servir à aucun.",
    "OpenID Connect Discovery 1.0 §3, règlement (UE) 910/2014 article 8",
)
JWKS = _declare(
    "jwks",
    Group.KEYS,
    "Jeu de clés",
    "Sans ses clés publiques, aucune signature du fournisseur ne peut être vérifiée.",
    "RFC 7517 §5",
)
PRIVATE_KEYS = _declare(
    "private_keys",
    Group.KEYS,
    "Clés privées ou secrètes",
    "Qui lit une clé privée peut signer à la place du fournisseur, donc inventer des identités.",
    "RFC 7517 §9.2",
)
USABLE_KEYS = _declare(
    "usable_keys",
    Group.KEYS,
    "Clés utilisables",
    "Chaque algorithme annoncé doit avoir sa clé : sinon les jetons signés ainsi sont refusés.",
    "RFC 7518 §3.1",
)
KEY_STRENGTH = _declare(
    "key_strength",
    Group.KEYS,
    "Solidité des clés",
    "Une clé RSA de moins de 2048 bits peut être cassée. ES256 impose la courbe P-256.",
    "RFC 7518 §3.3 et §3.4",
)
KEY_NAMES = _declare(
    "key_names",
    Group.KEYS,
    "Nom et usage des clés (kid, use, alg)",
    "Le nom d’une clé permet d’en changer sans interruption : c’est lui que chaque jeton cite.",
    "RFC 7517 §4, OpenID Connect Core 1.0 §10.1",
)
DUPLICATES = _declare(
    "duplicate_keys",
    Group.KEYS,
    "Clés en double",
    "Deux clés du même nom : selon celle qui est lue d’abord, les jetons passent ou sont refusés.",
    "RFC 7517 §4.5",
)
CLOCK = _declare(
    "clock",
    Group.TIMING,
    "Horloge",
    "Les jetons portent des heures à la seconde. Avec une horloge décalée, ils sont refusés comme "
    "périmés ou comme venus du futur.",
    "OpenID Connect Core 1.0 §3.1.3.7, RFC 9110 §6.6.1",
)
RESPONSE_TIME = _declare(
    "response_time",
    Group.TIMING,
    "Temps de réponse",
    "L’usager attend deux réponses du fournisseur à chaque connexion.",
    "réglage IDP_TIMEOUT",
)
REDIRECT_URI = _declare(
    "redirect_uri",
    Group.BEHAVIOUR,
    "Adresse de retour inconnue",
    "Un fournisseur qui renvoie l’usager à une adresse qu’il ne connaît pas peut livrer des codes à "
    "n’importe quel site.",
    "RFC 6749 §4.1.2.1, RFC 9700 §4.1",
)
TOKEN_ERROR = _declare(
    "token_error",
    Group.BEHAVIOUR,
    "Code ou client inconnu",
    "Une erreur en JSON dit ce qui ne va pas ; une page d’erreur ou une panne ne le dit pas.",
    "RFC 6749 §5.2",
)
ROW_ALGORITHMS = _declare(
    "row_algorithms",
    Group.ROW,
    "Algorithmes de la fiche",
    "FranceConnect n’accepte que l’algorithme de la fiche : tout autre est refusé.",
    "RFC 8725 §3.1",
)
ROW_ENCRYPTION = _declare(
    "row_encryption",
    Group.ROW,
    "Chiffrement de la fiche",
    "Une réponse qui n’est pas chiffrée comme la fiche le demande est refusée (Y029018).",
    "OpenID Connect Discovery 1.0 §3, OpenID Connect Core 1.0 §10.2",
)
ROW_AUTH = _declare(
    "row_auth",
    Group.ROW,
    "Authentification de la fiche",
    "C’est ainsi que FranceConnect prouve qui il est.",
    "OpenID Connect Core 1.0 §9",
)
ROW_LEVELS = _declare(
    "row_levels",
    Group.ROW,
    "Niveaux de la fiche",
    "Un niveau habilité que le fournisseur n’annonce pas mène à des connexions refusées.",
    "OpenID Connect Discovery 1.0 §3, acr_values_supported",
)
ROW_SCOPES = _declare(
    "row_scopes",
    Group.ROW,
    "Scopes de la fiche",
    "Un scope que le fournisseur ne connaît pas est ignoré ou refusé.",
    "OpenID Connect Core 1.0 §3.1.2.1",
)
ROW_ADDRESSES = _declare(
    "row_addresses",
    Group.ROW,
    "Adresses de la fiche",
    "Des adresses écrites dans la fiche ne suivent pas celles que le fournisseur publie.",
    "OpenID Connect Discovery 1.0 §3",
)
