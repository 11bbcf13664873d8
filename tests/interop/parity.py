"""Two forms say the same: what that means, field by field."""

import tokens

# Telemetry, and the reply's form: none of it changes what is granted.
TELEMETRY = ("x-client-", "x-app-", "x-ms-lib-", "client-request-id", "client_info")
OIDC = {"openid", "profile", "offline_access"}
# Other every time: what they say is compared instead.
SIGNED = ("client_assertion", "assertion")
TIMES = ("iat", "nbf", "exp", "jti", "uti", "rh", "xms_ficinfo")


def essence(form):
    """The form without telemetry and OIDC scopes, its tokens opened."""
    kept = {name: form[name] for name in form if not name.startswith(TELEMETRY)}
    kept["scope"] = sorted(set(form["scope"].split()) - OIDC)
    for name in SIGNED:
        if name in kept:
            kept[name] = opened(kept[name])
    return kept


def opened(token):
    header, claims = tokens.header_of(token), tokens.claims_of(token)
    # A chain is for subject name and issuer; a thumbprint may be padded.
    header.pop("x5c", None)
    header = {name: value.rstrip("=") for name, value in header.items()}
    return header, {name: claims[name] for name in claims if name not in TIMES}
