"""azure-identity for Python asks for tokens."""

import json
import re

from azure import identity
from azure.core.exceptions import ClientAuthenticationError
from lines import serve

KEPT = {}
KNOWN = {7000215: "invalid_client", 7000222: "invalid_client"}


def of_app(tenant, client, options, secret=None, certificate=None, assertion=None, token_file=None):
    if secret:
        return identity.ClientSecretCredential(tenant, client, secret, **options)
    if certificate:
        data = pem(certificate)
        return identity.CertificateCredential(tenant, client, certificate_data=data, **options)
    if token_file:
        return identity.WorkloadIdentityCredential(
            tenant_id=tenant, client_id=client, token_file_path=token_file, **options
        )
    return identity.ClientAssertionCredential(tenant, client, lambda: assertion, **options)


def of_user(tenant, client, user, options, secret=None, certificate=None, **assertion):
    proof = {"client_assertion_func": lambda: assertion_of(**assertion)}
    if secret:
        proof = {"client_secret": secret}
    if certificate:
        proof = {"client_certificate": pem(certificate)}
    return identity.OnBehalfOfCredential(tenant, client, user_assertion=user, **proof, **options)


def assertion_of(assertion=None, token_file=None):
    return assertion or open(token_file).read().strip()


def pem(certificate):
    return b"".join(open(certificate[part], "rb").read() for part in ("key", "file"))


def credential_of(flow, authority, tenant, client, credential, more):
    options = {"authority": authority, "disable_instance_discovery": True, "retry_total": 0}
    if flow == "on_behalf_of":
        return of_user(tenant, client, more["assertion"], options, **credential)
    if flow == "authorization_code":
        options["client_secret"] = (credential or {}).get("secret")
        return identity.AuthorizationCodeCredential(
            tenant, client, more["code"], more["redirect_uri"], **options
        )
    return of_app(tenant, client, options, **credential)


def said(text):
    """The provider's reply, which some of the errors hold; else what their text says."""
    codes = [int(code) for code in re.findall(r"AADSTS(\d+)", text)][:1]
    _, _, content = text.partition("Content: ")
    reply = json.loads(content) if content else {"error": KNOWN.get(*codes)}
    kept = {name: reply.get(name) for name in ("error", "suberror", "claims")}
    return {**kept, "codes": codes, "text": text}


def ask(flow, authority, tenant, client, scopes, credential=None, claims=None, keep=None, **more):
    made = KEPT.get(keep) or credential_of(flow, authority, tenant, client, credential, more)
    if keep:
        KEPT[keep] = made
    try:
        token = made.get_token(*scopes, claims=claims)
    except ClientAuthenticationError as error:
        return {"ok": False, "kind": type(error).__name__, **said(str(error))}
    return {"ok": True, "access_token": token.token, "expires_on": token.expires_on}


serve(ask)
