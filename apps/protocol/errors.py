"""The catalogue: every way a sign-in can end badly, as frozen values.

One `ErrorSpec` per failure, one exception class for all. Three texts that never mix: `description`
travels to the partner (ASCII, no identity), `title` and `text` are read by the citizen, `operator`
by support. `debug`, given at the raise, goes to the log, and to the developers of a sandbox.

`delivery` is the error's permission to travel. REDIRECT is granted only to errors found after the
client and its redirect_uri are known to be good (RFC 6749 §4.1.2.1); PAGE stays with us; JSON
answers a machine.

A code is Y, a family of two digits and a number of four. It is FranceConnect's where the meaning
is the same: its numbers stay below 1000, and those of its library are Y04 and five hexadecimal
digits. Our numbers begin at 9001, so that the two can never be confused.
"""

from apps.protocol import error_specs
from apps.protocol.error_specs import (
    CATALOGUE,
    DENIED,
    TECHNICAL,
    Delivery,
    ErrorSpec,
    ProtocolError,
)

__all__ = ["CATALOGUE", "Delivery", "ErrorSpec", "ProtocolError"]

STALE = "Cette page a expiré"
STALE_TEXT = "Revenez à la page précédente, actualisez-la, puis recommencez."
INTERRUPTED = "La connexion a été interrompue"
INTERRUPTED_TEXT = (
    "Rien n’a été transmis au service. Vous pouvez recommencer ou choisir un autre compte."
)
LOST_TEXT = "Rien n’a été transmis au service. Revenez sur son site, puis recommencez."
LEVEL = "Ce compte n’a pas le niveau demandé"
LEVEL_TEXT = "Le service demande un niveau de sécurité que ce compte ne donne pas. Choisissez un autre compte."
IDENTITY = "Ce compte ne donne pas toutes les informations nécessaires"
DOWN = "Le service est momentanément indisponible"
DOWN_TEXT = "Réessayez dans quelques minutes. Rien n’a été transmis au service."

_declare = error_specs.declare
_redirect = error_specs.redirect
_session = error_specs.session
_idp = error_specs.idp
_register = error_specs.register
_json = error_specs.json

# The catalogue is a table, laid out by hand.
# fmt: off

# --- The service's request, before its address is trusted: never a redirect ------------------------

UNKNOWN_CLIENT = _declare(
    "unknown_client", "Y04EA6EF", "invalid_client", 400, Delivery.PAGE, "RFC 6749 §4.1.2.1",
    "client is invalid", "client_id absent du registre, ou service désactivé.")
REDIRECT_URI_UNREGISTERED = _declare(
    "redirect_uri_unregistered", "Y04C013C", "invalid_redirect_uri", 400, Delivery.PAGE,
    "RFC 9700 §4.1.3", "redirect_uri did not match any of the client's registered redirect_uris",
    "L’adresse de retour ne figure pas, à l’octet près, parmi celles du service.")
REQUEST_UNREADABLE = _declare(
    "request_unreadable", "Y030007", "invalid_request", 400, Delivery.PAGE, "RFC 6749 §3.1",
    "client_id or redirect_uri is missing or repeated",
    "client_id ou redirect_uri absent ou répété : la demande ne dit pas à qui répondre.")

# --- The service's request, once its address is trusted: the error goes back to it -----------------

PARAMETER_MISSING = _redirect(
    "parameter_missing", "Y048017B", "invalid_request", "RFC 6749 §4.1.1",
    "missing required parameter", "Un paramètre obligatoire manque à la demande du service.")
PARAMETER_REPEATED = _redirect(
    "parameter_repeated", "Y0496E4A", "invalid_request", "RFC 6749 §3.1",
    "a parameter is included more than once", "Un paramètre est répété dans la demande du service.")
PARAMETER_TOO_LONG = _redirect(
    "parameter_too_long", "Y039001", "invalid_request", "RFC 6749 §4.1.2.1",
    "a parameter is too long", "Un paramètre dépasse la taille admise.")
RESPONSE_TYPE_UNSUPPORTED = _redirect(
    "response_type_unsupported", "Y0411646", "unsupported_response_type", "RFC 6749 §4.1.2.1",
    "unsupported response_type requested", "Seul response_type=code est servi.")
RESPONSE_MODE_UNSUPPORTED = _redirect(
    "response_mode_unsupported", "Y039002", "invalid_request", "OAuth 2.0 Multiple Response Types §2.1",
    "unsupported response_mode requested", "Seul response_mode=query est servi.")
OPENID_SCOPE_MISSING = _redirect(
    "openid_scope_missing", "Y04EE963", "invalid_request", "OIDC Core §3.1.2.1",
    "openid scope must be requested", "Le scope openid est obligatoire.")
SCOPE_NOT_ALLOWED = _redirect(
    "scope_not_allowed", "Y044D706", "invalid_scope", "RFC 6749 §4.1.2.1",
    "requested scope is not allowed", "Le service demande un scope hors de son habilitation.")
STATE_INVALID = _redirect(
    "state_invalid", "Y039003", "invalid_request", "RFC 6749 §10.12",
    "state must be a printable string", "Le paramètre state contient un caractère illisible.")
NONCE_INVALID = _redirect(
    "nonce_invalid", "Y039004", "invalid_request", "OIDC Core §3.1.2.1",
    "nonce is missing or too short: at least 22 characters are required",
    "Le nonce manque ou compte moins de 22 caractères (politique du service).")
PROMPT_INVALID = _redirect(
    "prompt_invalid", "Y039005", "invalid_request", "OIDC Core §3.1.2.1",
    "prompt value is not allowed", "La valeur de prompt n’est pas permise à ce service.")
MAX_AGE_INVALID = _redirect(
    "max_age_invalid", "Y039006", "invalid_request", "OIDC Core §3.1.2.1",
    "max_age must be a non negative integer", "max_age n’est pas un entier positif.")
CLAIMS_MALFORMED = _redirect(
    "claims_malformed", "Y0485169", "invalid_request", "OIDC Core §5.5",
    "claims parameter is malformed", "Le paramètre claims n’est pas un objet JSON conforme.")
CLAIM_NOT_ALLOWED = _redirect(
    "claim_not_allowed", "Y100009", "invalid_request", "OIDC Core §5.5",
    "requested claim is not allowed", "Le service demande un claim hors de son habilitation (amr).")
ACR_VALUES_MISSING = _redirect(
    "acr_values_missing", "Y039007", "invalid_request", "OIDC Core §3.1.2.1",
    "missing required parameter 'acr_values'", "acr_values est obligatoire pour ce service.")
ACR_NOT_SERVED = _redirect(
    "acr_not_served", "Y0451265", "invalid_acr", "FranceConnect §2.6",
    "acr_value is not valid for this platform", "Le niveau demandé n’est pas servi à ce service.")
CODE_CHALLENGE_INVALID = _redirect(
    "code_challenge_invalid", "Y039008", "invalid_request", "RFC 7636 §4.4.1",
    "code_challenge must be an S256 challenge", "PKCE : seule la méthode S256 est servie.")
CODE_CHALLENGE_REQUIRED = _redirect(
    "code_challenge_required", "Y039009", "invalid_request", "RFC 7636 §4.4.1",
    "code challenge required", "PKCE est obligatoire pour ce service.")
REQUEST_NOT_SUPPORTED = _redirect(
    "request_not_supported", "Y039010", "request_not_supported", "OIDC Core §3.1.2.6",
    "request objects are not supported", "Le paramètre request n’est pas servi.")
REQUEST_URI_NOT_SUPPORTED = _redirect(
    "request_uri_not_supported", "Y039011", "request_uri_not_supported", "OIDC Core §3.1.2.6",
    "request_uri is not supported", "Le paramètre request_uri n’est pas servi.")
REGISTRATION_NOT_SUPPORTED = _redirect(
    "registration_not_supported", "Y039012", "registration_not_supported", "OIDC Core §3.1.2.6",
    "the registration parameter is not supported", "Le paramètre registration n’est pas servi.")
IDP_HINT_NOT_ALLOWED = _redirect(
    "idp_hint_not_allowed", "Y030032", "invalid_idp_hint", "FranceConnect §2.7",
    "An idp_hint was provided but is not allowed", "idp_hint hors de la liste permise au service.")
LOGIN_REQUIRED = _redirect(
    "login_required", "Y039013", "login_required", "OIDC Core §3.1.2.6",
    "the citizen is not signed in", "prompt=none sans session, ou session trop ancienne.")
INTERACTION_REQUIRED = _redirect(
    "interaction_required", "Y039014", "interaction_required", "OIDC Core §3.1.2.6",
    "the information page must be shown", "prompt=none alors que la page d’information est due.")
ABANDONED = _redirect(
    "abandoned", "Y030030", "access_denied", "RFC 6749 §4.1.2.1",
    "User auth aborted", "L’usager est revenu au service sans terminer.")

# --- The citizen's steps ----------------------------------------------------------------------------

SESSION_MISSING = _session("session_missing", "Y190001", 401, "Cookie de la connexion absent ou inconnu.")
TRIAL_OVER = _declare(
    "trial_over", "Y199002", "access_denied", 410, Delivery.PAGE, "FranceConnect §3.3", DENIED,
    "Lien d’une connexion d’essai inconnu, déjà utilisé, ou de plus de 15 minutes.",
    title="Ce lien d’essai ne sert plus",
    text="Revenez dans le back-office, sur la page « Connexion d’essai », et recommencez.")
SIGN_IN_EXPIRED = _session("sign_in_expired", "Y199001", 410, "La connexion a dépassé 30 minutes.")
STEP_REFUSED = _session("step_refused", "Y190004", 409, "Étape demandée hors de son ordre.")
STEP_REPLAYED = _declare(
    "step_replayed", "Y420001", "access_denied", 409, Delivery.PAGE, "FranceConnect §3.3", DENIED,
    "Une étape à usage unique a été rejouée (actualisation, retour, double envoi).",
    title="Cette étape est déjà passée",
    text="Fermez les autres onglets de cette connexion, puis recommencez depuis le service.")
CSRF_INVALID = _declare(
    "csrf_invalid", "Y470001", "server_error", 403, Delivery.PAGE, "ASVS 3.5.1", TECHNICAL,
    "Jeton anti-CSRF faux : page trop ancienne, cookies bloqués, ou envoi depuis un autre site.",
    title=STALE, text=STALE_TEXT)
CSRF_MISSING = _declare(
    "csrf_missing", "Y470002", "server_error", 403, Delivery.PAGE, "ASVS 3.5.1", TECHNICAL,
    "Jeton anti-CSRF absent : cookies bloqués, ou envoi depuis un autre site.",
    title=STALE, text=STALE_TEXT)
NO_PROVIDER = _declare(
    "no_provider", "Y029001", "server_error", 503, Delivery.PAGE, "FranceConnect §4.1", TECHNICAL,
    "Aucun fournisseur d’identité ne convient à ce service et à ce niveau.",
    title="Aucun compte ne permet d’accéder à ce service",
    text="Les comptes que ce service accepte sont fermés, ou n’ont pas le niveau de sécurité qu’il "
    "demande. Vous n’y êtes pour rien. Réessayez plus tard ou contactez le service.")
IDP_INACTIVE = _idp(
    "idp_inactive", "Y020017", 403, "FranceConnect §4.1", "Fournisseur d’identité désactivé.",
    title="Ce compte est indisponible pour le moment",
    text="Choisissez un autre compte, ou réessayez plus tard.")
IDP_UNKNOWN = _idp(
    "idp_unknown", "Y020019", 400, "FranceConnect §4.1", "Fournisseur d’identité inconnu.",
    title="Ce compte n’existe pas", text="Choisissez un compte dans la liste.")
IDP_FILTERED = _idp(
    "idp_filtered", "Y020023", 403, "FranceConnect §4.1",
    "Fournisseur d’identité exclu par le filtre du service.", error="access_denied",
    title="Ce compte n’est pas accepté par le service", text="Choisissez un autre compte.")
ACCOUNT_DISABLED = _declare(
    "account_disabled", "Y180001", "access_denied", 403, Delivery.PAGE, "FranceConnect §4.5", DENIED,
    "Compte FranceConnect désactivé par le support.",
    title="Votre accès est suspendu",
    text="Les informations reçues ne nous permettent pas de poursuivre. Contactez le support.")

# --- The identity provider's answer -----------------------------------------------------------------

IDP_UNAVAILABLE = _idp(
    "idp_unavailable", "Y029002", 502, "OIDC Discovery §4",
    "Configuration ou clés du fournisseur d’identité injoignables ou incohérentes.")
CALLBACK_STATE_MISSING = _idp(
    "callback_state_missing", "Y020021", 400, "RFC 6749 §10.12", "Retour du FI sans state.",
    error="invalid_request", title=INTERRUPTED, text=LOST_TEXT)
CALLBACK_STATE_WRONG = _idp(
    "callback_state_wrong", "Y020022", 403, "RFC 9700 §4.7",
    "Retour du FI avec un state inconnu, d’un autre navigateur ou déjà utilisé.",
    error="invalid_request", title=INTERRUPTED, text=LOST_TEXT)
CALLBACK_ISSUER_WRONG = _idp(
    "callback_issuer_wrong", "Y029003", 403, "RFC 9207 §2.4",
    "Le paramètre iss du retour n’est pas celui du FI choisi (mélange de fournisseurs).",
    error="invalid_request", title=INTERRUPTED, text=INTERRUPTED_TEXT)
CALLBACK_CODE_MISSING = _idp(
    "callback_code_missing", "Y020025", 400, "RFC 6749 §4.1.2", "Retour du FI sans code.")
IDP_TOKEN_FAILED = _idp(
    "idp_token_failed", "Y020026", 502, "OIDC Core §3.1.3",
    "Échec de l’échange du code au FI : injoignable, trop lent, refusé ou illisible.")
IDP_TOKEN_CONTENT = _idp(
    "idp_token_content", "Y020030", 502, "OIDC Core §3.1.3.3", "Réponse /token du FI incomplète.")
ID_TOKEN_SIGNATURE = _idp(
    "id_token_signature", "Y029011", 502, "OIDC Core §3.1.3.7 (6)",
    "ID token du FI : signature, algorithme ou clé refusés.")
ID_TOKEN_ISSUER = _idp(
    "id_token_issuer", "Y029012", 502, "OIDC Core §3.1.3.7 (2)", "ID token du FI : iss faux.")
ID_TOKEN_AUDIENCE = _idp(
    "id_token_audience", "Y029013", 502, "OIDC Core §3.1.3.7 (3-5)", "ID token du FI : aud ou azp faux.")
ID_TOKEN_EXPIRED = _idp(
    "id_token_expired", "Y029014", 502, "OIDC Core §3.1.3.7 (9-10)",
    "ID token du FI : exp, iat ou nbf hors tolérance, absent ou mal formé.")
ID_TOKEN_NONCE = _idp(
    "id_token_nonce", "Y029015", 502, "OIDC Core §3.1.3.7 (11)", "ID token du FI : nonce faux.")
ID_TOKEN_SUBJECT = _idp(
    "id_token_subject", "Y029016", 502, "OIDC Core §2", "ID token du FI : sub absent ou mal formé.")
ID_TOKEN_ACCESS_TOKEN = _idp(
    "id_token_access_token", "Y029017", 502, "OIDC Core §3.1.3.6",
    "ID token du FI : at_hash n’est pas celui du jeton d’accès.")
ID_TOKEN_ENCRYPTION = _idp(
    "id_token_encryption", "Y029018", 502, "OIDC Core §3.1.3.7 (1)",
    "ID token du FI : pas chiffré comme enregistré, ou pour une clé qui n’est pas la nôtre.")
IDP_KEY_UNKNOWN = _idp(
    "idp_key_unknown", "Y029020", 502, "OIDC Core §10.1.1",
    "Le FI a signé avec une clé qu’il ne publie pas, même après relecture de ses clés.")
IDP_USERINFO_FAILED = _idp(
    "idp_userinfo_failed", "Y020027", 502, "OIDC Core §5.3",
    "Échec de /userinfo au FI : injoignable, trop lent, type, chiffrement ou signature refusés.")
IDP_USERINFO_SUBJECT = _idp(
    "idp_userinfo_subject", "Y020029", 502, "OIDC Core §5.3.2",
    "Le sub de /userinfo n’est pas celui de l’ID token du FI.")
ACR_TOO_LOW = _idp(
    "acr_too_low", "Y100001", 403, "OIDC Core §3.1.3.7 (12)",
    "Le FI a rendu un niveau inférieur à celui demandé, ou inconnu.",
    error="access_denied", title=LEVEL, text=LEVEL_TEXT)
ACR_MISSING = _idp(
    "acr_missing", "Y100002", 502, "OIDC Core §2", "Le FI n’a pas rendu d’acr.",
    error="access_denied", title=LEVEL, text=LEVEL_TEXT)
ACR_NOT_ALLOWED = _idp(
    "acr_not_allowed", "Y100018", 403, "FranceConnect §4.5",
    "Le FI a rendu un niveau pour lequel il n’est pas habilité.",
    error="access_denied", title=LEVEL, text=LEVEL_TEXT)
IDENTITY_MALFORMED = _idp(
    "identity_malformed", "Y600006", 400, "FranceConnect §4.4",
    "L’identité pivot du FI est incomplète ou mal formée.",
    title=IDENTITY,
    text="Une information de votre état civil manque ou n’est pas lisible sur ce compte. "
    "Corrigez-la sur le site de ce compte, ou choisissez un autre compte.")
EMAIL_MISSING = _idp(
    "email_missing", "Y609001", 400, "FranceConnect §4.4",
    "Le FI n’a pas donné d’adresse électronique valide.",
    title="Il manque une adresse électronique",
    text="Ce compte n’a pas d’adresse électronique valide. Ajoutez-la sur le site de ce compte, "
    "ou choisissez un autre compte.")

# --- The civil register (RNIPP) ----------------------------------------------------------------------

REGISTER_ONE_NEAR = _register(
    "register_one_near", "Y010004", 403, "Réponse 4 : personne à ce nom, une identité approchante.")
REGISTER_SEVERAL_NEAR = _register(
    "register_several_near", "Y010006", 403,
    "Réponse 6 : personne à ce nom, plusieurs identités approchantes.")
REGISTER_MARITAL_NAME = _register(
    "register_marital_name", "Y010007", 403, "Réponse 7 : trouvée sous le nom d’usage seulement.",
    text="Ce compte donne sans doute votre nom d’usage à la place de votre nom de naissance. "
    "Demandez au site de ce compte de le corriger, ou choisissez un autre compte.")
REGISTER_UNKNOWN = _register(
    "register_unknown", "Y010008", 403, "Réponse 8 : personne, pas même une identité approchante.")
REGISTER_REFUSED = _register(
    "register_refused", "Y010009", 403, "Réponse 9 : le registre a rejeté la demande.",
    text=error_specs.REGISTER_STOPPED)
REGISTER_SILENT = _register(
    "register_silent", "Y010011", 504, "Le registre n’a pas répondu à temps, ou a coupé.",
    error="temporarily_unavailable", text=error_specs.REGISTER_DOWN)
REGISTER_UNAVAILABLE = _register(
    "register_unavailable", "Y010012", 504, "Registre injoignable, en erreur ou illisible.",
    error="temporarily_unavailable", text=error_specs.REGISTER_DOWN)
REGISTER_UNUSABLE = _register(
    "register_unusable", "Y010013", 400, "Réponse inconnue, ou identité rendue inutilisable.",
    error="server_error", text=error_specs.REGISTER_STOPPED)
REGISTER_DECEASED = _register(
    "register_deceased", "Y010015", 403, "Le registre dit la personne décédée.",
    text="L’identité de ce compte ne permet plus de se connecter. "
    "Si c’est une erreur, contactez le site de ce compte.", can_choose_another=False)

# --- The age -----------------------------------------------------------------------------------------

UNDER_AGE = _declare(
    "under_age", "Y109001", "access_denied", 403, Delivery.PAGE, "FranceConnect §0", DENIED,
    "Personne mineure à ce jour, heure de Paris ; une date présumée compte au plus tard.",
    title="FranceConnect est réservé aux personnes majeures",
    text="La date de naissance donnée par ce compte est celle d’une personne de moins de 18 ans. "
    "Rien n’a été transmis au service. Contactez-le pour faire votre démarche autrement.")
UNDER_SERVICE_AGE = _declare(
    "under_service_age", "Y109002", "access_denied", 403, Delivery.PAGE, "FranceConnect §0", DENIED,
    "Âge inférieur au minimum de ce service, ou de la plateforme quand il n’est pas de 18 ans.",
    title="Ce service n’est pas ouvert à votre âge",
    text="La date de naissance donnée par ce compte est celle d’une personne trop jeune pour ce "
    "service. Rien ne lui a été transmis. Contactez-le pour faire votre démarche autrement.")

# --- The service's machine: token, userinfo ---------------------------------------------------------

CLIENT_AUTH_MISSING = _json(
    "client_auth_missing", "Y044FEB3", "invalid_client", 401, "RFC 6749 §2.3",
    "no client authentication mechanism provided",
    "Le service ne s’est pas authentifié : ni en-tête Basic, ni client_secret.")
CLIENT_AUTH_FAILED = _json(
    "client_auth_failed", "Y0434A7B", "invalid_client", 401, "RFC 6749 §5.2",
    "client authentication failed", "client_id inconnu, service désactivé ou secret faux.")
CLIENT_AUTH_TWICE = _json(
    "client_auth_twice", "Y04DADA6", "invalid_request", 400, "RFC 6749 §2.3",
    "client authentication must only be provided using one mechanism",
    "Le service s’est authentifié de deux façons à la fois.")
TOKEN_REQUEST_INVALID = _json(
    "token_request_invalid", "Y049001", "invalid_request", 400, "RFC 6749 §5.2",
    "the token request is malformed, repeats a parameter or lacks one",
    "Demande de jetons mal formée : paramètre absent, répété ou hors du corps.")
GRANT_TYPE_UNSUPPORTED = _json(
    "grant_type_unsupported", "Y04C2044", "unsupported_grant_type", 400, "RFC 6749 §5.2",
    "unsupported grant_type requested", "Seul grant_type=authorization_code est servi.")
CODE_INVALID = _json(
    "code_invalid", "Y049E20B", "invalid_grant", 400, "RFC 6749 §5.2",
    "authorization code not found, expired, already used, or issued to another request",
    "Code inconnu, expiré (30 s), déjà utilisé ou fait pour une autre demande.")
ACCESS_TOKEN_MISSING = _json(
    "access_token_missing", "Y04146A2", "invalid_token", 401, "RFC 6750 §3",
    "no access token provided", "Appel de /userinfo sans jeton d’accès.")
ACCESS_TOKEN_INVALID = _json(
    "access_token_invalid", "Y040001", "invalid_token", 401, "RFC 6750 §3.1",
    "access token is unknown, expired or revoked",
    "Jeton d’accès inconnu, expiré (60 s) ou révoqué.")
ACCESS_TOKEN_TWICE = _json(
    "access_token_twice", "Y04514E0", "invalid_request", 400, "RFC 6750 §2",
    "access token must only be provided using one mechanism",
    "Le jeton d’accès est ailleurs que dans l’en-tête Authorization.")

# --- Anything else ----------------------------------------------------------------------------------

INTERNAL = _declare(
    "internal", "Y000000", "server_error", 500, Delivery.PAGE, "RFC 6749 §4.1.2.1", TECHNICAL,
    "Erreur inattendue : chercher la référence dans les journaux techniques.",
    title=DOWN, text=DOWN_TEXT)
DATABASE_UNAVAILABLE = _declare(
    "database_unavailable", "Y509001", "temporarily_unavailable", 503, Delivery.PAGE,
    "RFC 6749 §4.1.2.1", TECHNICAL, "PostgreSQL ne répond pas.", title=DOWN, text=DOWN_TEXT)
NOT_FOUND = _declare(
    "not_found", "Y000404", "invalid_request", 404, Delivery.PAGE, "RFC 9110 §15.5.5",
    "not found", "Adresse inconnue.",
    title="Cette page n’existe pas", text="Vérifiez l’adresse, ou revenez sur le site du service.")
# fmt: on
