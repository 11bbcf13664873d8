// @azure/msal-node asks for tokens.
import { readFileSync } from 'node:fs';
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node';
import { serve } from './lines.mjs';

const apps = new Map();
const devices = new Map();

function credentialOf({ secret, certificate, assertion, token_file }) {
  if (secret) return { clientSecret: secret };
  if (assertion) return { clientAssertion: assertion };
  if (token_file) return { clientAssertion: async () => readFileSync(token_file, 'utf8').trim() };
  const pem = readFileSync(certificate.file, 'utf8');
  const der = new X509Certificate(pem).raw;
  const thumbprintSha256 = createHash('sha256').update(der).digest('hex');
  const privateKey = readFileSync(certificate.key, 'utf8');
  return { clientCertificate: { thumbprintSha256, privateKey, x5c: pem } };
}

// An application that knows nothing yet, or that of earlier questions.
function appOf({ authority, tenant, client, credential, keep }) {
  if (keep && apps.has(keep)) return apps.get(keep);
  const auth = {
    clientId: client,
    authority: `${authority}/${tenant}`,
    knownAuthorities: [new URL(authority).host],
    ...(credential && credentialOf(credential)),
  };
  const app = credential ? new ConfidentialClientApplication({ auth }) : new PublicClientApplication({ auth });
  if (keep) apps.set(keep, app);
  return app;
}

const flows = {
  client_credentials: (app, request, { fmi_path }) =>
    app.acquireTokenByClientCredential({ ...request, fmiPath: fmi_path }),
  on_behalf_of: (app, request, { assertion }) =>
    app.acquireTokenOnBehalfOf({ ...request, oboAssertion: assertion }),
  user_fic: (app, request, { assertion, username, user_object_id }) =>
    app.acquireTokenByUserFederatedIdentityCredential(
      { ...request, assertion, username, userObjectId: user_object_id }),
  refresh_token: (app, request, { token }) =>
    app.acquireTokenByRefreshToken({ ...request, refreshToken: token }),
  authorization_code: (app, request, { code, redirect_uri }) =>
    app.acquireTokenByCode({ ...request, code, redirectUri: redirect_uri }),
  sign_in_begin: async (app, request, { redirect_uri, response_mode }) => {
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const kept = { verifier, state: randomUUID() };
    const begun = await app.getAuthCodeUrl({
      ...request, redirectUri: redirect_uri, responseMode: response_mode, state: kept.state,
      codeChallenge: challenge, codeChallengeMethod: 'S256' });
    return { begun: { uri: begun, kept } };
  },
  sign_in_end: (app, request, { redirect_uri, begun: { kept }, answer }) =>
    app.acquireTokenByCode({ ...request, redirectUri: redirect_uri, code: answer.code,
                             codeVerifier: kept.verifier, state: kept.state }, answer),
  // The library polls from the beginning; its end is asked for later.
  device_begin: (app, request, { keep }) => new Promise((resolve, reject) => {
    const ended = app.acquireTokenByDeviceCode({ ...request, deviceCodeCallback: (code) =>
      resolve({ begun: { uri: code.verificationUri, user_code: code.userCode } }) });
    devices.set(keep, ended);
    ended.catch(reject);
  }),
  device_end: (app, request, { keep }) => devices.get(keep),
};

await serve(async ({ flow, ...order }) => {
  const { scopes, claims } = order;
  try {
    const reply = await flows[flow](appOf(order), { scopes, ...(claims && { claims }) }, order);
    return { ok: true, access_token: reply.accessToken, cached: reply.fromCache, ...reply.begun };
  } catch (error) {
    const codes = (error.errorMessage ?? '').match(/AADSTS(\d+)/)?.slice(1).map(Number) ?? [];
    return { ok: false, kind: error.name, error: error.errorCode, codes, suberror: error.subError,
             claims: error.claims || null, text: error.errorMessage ?? String(error) };
  }
});
