"""MSAL for Python asks for tokens."""

import msal
from lines import serve

APPS = {}


def app_of(authority, tenant, client, credential, keep):
    """An application that knows nothing yet, or that of earlier questions."""
    if keep and keep in APPS:
        return APPS[keep]
    options = {"authority": f"{authority}/{tenant}", "instance_discovery": False}
    if credential:
        secret = credential_of(**credential)
        app = msal.ConfidentialClientApplication(client, client_credential=secret, **options)
    else:
        app = msal.PublicClientApplication(client, **options)
    return APPS.setdefault(keep, app) if keep else app


def credential_of(secret=None, certificate=None, assertion=None, token_file=None):
    if certificate:
        return {
            "private_key": open(certificate["key"]).read(),
            "public_certificate": open(certificate["file"]).read(),
        }
    if token_file:
        return {"client_assertion": lambda: open(token_file).read().strip()}
    return secret or {"client_assertion": assertion}


def client_credentials(app, scopes, claims, fmi_path=None):
    return app.acquire_token_for_client(scopes, claims_challenge=claims, fmi_path=fmi_path)


def on_behalf_of(app, scopes, claims, assertion):
    return app.acquire_token_on_behalf_of(assertion, scopes, claims_challenge=claims)


def user_fic(app, scopes, claims, assertion, **user):
    return app.acquire_token_by_user_federated_identity_credential(
        scopes, assertion, claims_challenge=claims, **user
    )


def refresh_token(app, scopes, claims, token):
    return app.acquire_token_by_refresh_token(token, scopes)


def authorization_code(app, scopes, claims, code, redirect_uri):
    return app.acquire_token_by_authorization_code(code, scopes, redirect_uri=redirect_uri)


def sign_in_begin(app, scopes, claims, redirect_uri, response_mode=None):
    more = {"response_mode": response_mode, "claims_challenge": claims}
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=redirect_uri, **more)
    return {"uri": flow["auth_uri"], "kept": flow}


def sign_in_end(app, scopes, claims, redirect_uri, begun, answer):
    return app.acquire_token_by_auth_code_flow(begun["kept"], answer)


def device_begin(app, scopes, claims):
    flow = app.initiate_device_flow(scopes)
    return {"uri": flow["verification_uri"], "user_code": flow["user_code"], "kept": flow}


def device_end(app, scopes, claims, begun):
    return app.acquire_token_by_device_flow(begun["kept"])


def ask(flow, authority, tenant, client, scopes, credential=None, claims=None, keep=None, **more):
    app = app_of(authority, tenant, client, credential, keep)
    reply = globals()[flow](app, scopes, claims, **more)
    if "error" not in reply:
        return {"ok": True, **{k: v for k, v in reply.items() if k != "id_token_claims"}}
    return {
        "ok": False,
        "error": reply["error"],
        "codes": reply.get("error_codes", []),
        "suberror": reply.get("suberror"),
        "claims": reply.get("claims"),
        "text": reply.get("error_description", ""),
    }


serve(ask)
