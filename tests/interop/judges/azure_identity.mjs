// @azure/identity asks for tokens.
import {
  AuthorizationCodeCredential, ClientAssertionCredential, ClientCertificateCredential,
  ClientSecretCredential, OnBehalfOfCredential, WorkloadIdentityCredential,
} from '@azure/identity';
import { readFileSync } from 'node:fs';
import { serve } from './lines.mjs';

const kept = new Map();

const pemOf = ({ file, key }) => readFileSync(key, 'utf8') + readFileSync(file, 'utf8');

function ofApp(tenant, client, { secret, certificate, assertion, token_file }, options) {
  if (secret) return new ClientSecretCredential(tenant, client, secret, options);
  if (certificate) return new ClientCertificateCredential(tenant, client, { certificate: pemOf(certificate) }, options);
  if (assertion) return new ClientAssertionCredential(tenant, client, async () => assertion, options);
  return new WorkloadIdentityCredential(
    { tenantId: tenant, clientId: client, tokenFilePath: token_file, ...options });
}

function ofUser(tenant, client, { secret, certificate, assertion, token_file }, user, options) {
  const getAssertion = async () => assertion ?? readFileSync(token_file, 'utf8').trim();
  const proof = secret ? { clientSecret: secret }
    : certificate ? { certificatePath: certificate.bundle } : { getAssertion };
  return new OnBehalfOfCredential(
    { tenantId: tenant, clientId: client, userAssertionToken: user, ...proof, ...options });
}

function credentialOf({ flow, authority, tenant, client, credential, assertion, code, redirect_uri }) {
  const options = {
    authorityHost: authority, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 },
  };
  if (flow === 'on_behalf_of') return ofUser(tenant, client, credential, assertion, options);
  if (flow === 'authorization_code')
    return new AuthorizationCodeCredential(tenant, client, credential.secret, code, redirect_uri, options);
  return ofApp(tenant, client, credential, options);
}

await serve(async ({ keep, scopes, claims, ...order }) => {
  const made = kept.get(keep) ?? credentialOf(order);
  if (keep) kept.set(keep, made);
  try {
    const token = await made.getToken(scopes, { claims });
    return { ok: true, access_token: token.token, expires_on: token.expiresOnTimestamp };
  } catch (error) {
    const codes = error.message.match(/(?:AADSTS|Error\(s\): )(\d+)/)?.slice(1).map(Number) ?? [];
    return { ok: false, kind: error.name, error: error.message.split(':')[0], codes, text: error.message };
  }
});
