// A certified OpenID provider that nobody here wrote, npm's `oidc-provider`, set up as the team of an
// account would: by its documented options, with a login page of their own. It knows of
// FranceConnect what a partner is told: where it sends people back, and a secret agreed upon.
//
//   REDIRECT_URI, POST_LOGOUT_REDIRECT_URI, CLIENT_SECRET   from the environment
//
// The only line on its standard output is its issuer, once it listens.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

const { REDIRECT_URI, POST_LOGOUT_REDIRECT_URI, CLIENT_SECRET } = process.env;
const ACR = 'eidas1';

// Nobody real: a persona of the sandbox, whom this account knows under a number of its own.
const PEOPLE = {
  4217: {
    login: 'angele',
    password: 'chateau-de-sable',
    claims: {
      given_name: 'Angèle Claire',
      family_name: 'ORDINAIRE',
      gender: 'female',
      birthdate: '1985-03-14',
      birthplace: '35238',
      birthcountry: '99100',
      email: 'angele.ordinaire@example.org',
    },
  },
};

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') };
}

const configuration = {
  jwks: { keys: [signingKey()] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  clients: [{
    client_id: 'franceconnect',
    client_secret: CLIENT_SECRET,
    redirect_uris: [REDIRECT_URI],
    post_logout_redirect_uris: [POST_LOGOUT_REDIRECT_URI],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
  }],
  acrValues: [ACR],
  claims: {
    openid: ['sub'],
    profile: ['given_name', 'family_name', 'gender', 'birthdate'],
    birth: ['birthplace', 'birthcountry'],
    email: ['email'],
  },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    // Its own page of logout asks another site for its letters.
    rpInitiatedLogout: { logoutSource: (context, form) => { context.body = page('Quitter le Compte Stock', leaving(form)); } },
  },
  ttl: { AccessToken: 60, AuthorizationCode: 30, Grant: 1800, IdToken: 60, Interaction: 600, Session: 1800 },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, accountId) => PEOPLE[accountId] && {
    accountId,
    claims: () => ({ sub: accountId, ...PEOPLE[accountId].claims }),
  },
  // The information page of FranceConnect tells what is transmitted: it is not asked twice.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid profile email birth');
    await grant.save();
    return grant;
  },
};

const page = (title, body) => `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body>
</html>`;

const entering = (alert) => `
<p role="alert">${alert}</p>
<form method="post">
<p><label>Identifiant <input name="login" autocomplete="off"></label></p>
<p><label>Mot de passe <input name="password" type="password"></label></p>
<p><button>Se connecter</button></p>
</form>
<form method="post"><button name="cancel" value="yes">Annuler</button></form>`;

const leaving = (form) => `${form}
<button form="op.logoutForm" name="logout" value="yes">Se déconnecter</button>`;

async function logIn(provider, request, response) {
  await provider.interactionDetails(request, response);
  const typed = new URLSearchParams(await text(request));
  const [accountId] = Object.entries(PEOPLE).find(([, { login, password }]) => (
    login === typed.get('login') && password === typed.get('password'))) ?? [];
  if (typed.has('cancel')) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
  } else if (accountId) {
    await provider.interactionFinished(request, response, { login: { accountId, acr: ACR, amr: ['pwd'] } });
  } else {
    const alert = request.method === 'POST' ? 'Identifiant ou mot de passe inconnu.' : '';
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page('Compte Stock', entering(alert)));
  }
}

const server = createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const others = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      others(request, response);
      return;
    }
    logIn(provider, request, response).catch((error) => response.writeHead(400).end(String(error)));
  });
  console.log(issuer);
});
