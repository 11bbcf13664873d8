"""What the provider says."""

import json
import time

from scenarios.registry import ask, for_travel, fresh, reason, trick
from waiting import eventually


@reason("CREDENTIAL_REFUSED")
def a_secret_that_is_wrong(canary):
    canary.agent.refused("CREDENTIAL_REFUSED", "GetToken", **for_travel(canary, "forgetful-bot"))


@reason("INTERACTION_REQUIRED")
def a_user_who_needs_a_second_factor(canary):
    request = ask(canary.provider.token("carol"))
    canary.agent.refused("INTERACTION_REQUIRED", "GetToken", **request)


@reason("CONSENT_REQUIRED")
def what_nobody_consented_to(canary):
    request = for_travel(canary, "travel-bot", tool="mail-search")
    canary.agent.refused("CONSENT_REQUIRED", "CreateHandle", **request)


def is_asked(canary):
    return canary.agent.call("CreateHandle", **fresh(canary))["ok"]


def provider_says(name, status, retry_after=None, **fields):
    """An error of the provider, which names in every field what it was sent."""

    def scenario(canary):
        for word in ("assertion", "client_assertion"):

            def refuse(reply, form, word=word):
                reply.status, reply.body = status, b"{}"
                if retry_after:
                    reply.headers["Retry-After"] = retry_after
                reply.put(error_description=form[word], trace_id=form[word], **fields)

            with canary.wire.saying(refuse):
                canary.agent.refused(name, "CreateHandle", **fresh(canary))
            if retry_after or status >= 500:
                eventually("the provider is asked again", lambda: is_asked(canary))

    reason(name)(scenario)


provider_says("ACCESS_BLOCKED", 400, error="access_denied", error_codes=[53003])
provider_says("SUBJECT_REFUSED", 400, error="invalid_grant", error_codes=[50173])
provider_says("PROVIDER_MISCONFIGURED", 400, error="invalid_resource", error_codes=[500011])
provider_says("PROVIDER_REJECTED", 400, error="invalid_request", error_codes=[9002313])
provider_says("PROVIDER_THROTTLED", 429, retry_after="1", error="temporarily_unavailable")
provider_says("PROVIDER_UNAVAILABLE", 503, error="server_error")


@trick
def a_provider_that_says_back_what_it_was_sent(canary):
    def echo(*words):
        def refuse(reply, form):
            said = "-".join(form[word] for word in words)
            challenge = json.dumps({"access_token": {"acrs": {"value": said}}})
            reply.status, reply.body = 400, b"{}"
            reply.put(error=said, error_codes=[50076], suberror=said, correlation_id=said)
            reply.put(claims=challenge, error_uri=said)

        return refuse

    with canary.wire.saying(echo("client_secret"), "client_credentials"):
        request = for_travel(canary, "travel-bot")
        canary.agent.refused("INTERACTION_REQUIRED", "GetToken", **request)
    for word in ("assertion", "client_assertion"):
        with canary.wire.saying(echo(word)):
            canary.agent.refused("INTERACTION_REQUIRED", "CreateHandle", **fresh(canary))


@trick
def a_reply_whose_claims_hold_what_was_sent(canary):
    for claim, name in (("aud", "REPLY_AUDIENCE"), ("scp", "REPLY_SCOPE_MISSING"), ("uti", None)):
        with canary.wire.saying(lambda reply, form: reply.put_claims(**{claim: form["assertion"]})):
            request = fresh(canary)
            if name is not None:
                canary.agent.refused(name, "CreateHandle", **request)
                continue
            handle = canary.agent.call("CreateHandle", **request)["answer"]["handle"]
            assert canary.tool.call("RedeemHandle", handle=handle)["ok"]


def provider_replies(name, change):
    """A reply that was changed so is refused so, to agent and to tool."""

    def scenario(canary):
        handle = canary.handle(canary.provider.token("alice"), "fresh")
        with canary.wire.saying(lambda reply, form: change(reply)):
            canary.agent.refused(name, "CreateHandle", **fresh(canary))
            canary.tool.refused(name, "RedeemHandle", handle=handle)

    reason(name)(scenario)


def claims(**changes):
    return lambda reply: reply.put_claims(**changes)


def cut_short(reply):
    reply.body = reply.body[:-20]


OTHER = "11111111-2222-4333-8444-555555555555"
NOW = int(time.time())
provider_replies("REPLY_MALFORMED", cut_short)
provider_replies("REPLY_TOKEN_TYPE", lambda reply: reply.put(token_type="pop"))
provider_replies("REPLY_ISSUER", claims(iss="https://login.example/"))
provider_replies("REPLY_TENANT", claims(tid=OTHER))
provider_replies("REPLY_AUDIENCE", claims(aud="https://vault.example"))
provider_replies("REPLY_AGENT", claims(appid=OTHER))
provider_replies("REPLY_ACTOR", claims(xms_par_app_azp=OTHER))
provider_replies("REPLY_USER", claims(oid=OTHER))
provider_replies("REPLY_SCOPE_MISSING", claims(scp="User.Read"))
provider_replies("REPLY_SCOPE_EXCESS", claims(scp="Mail.Read Mail.Send"))
provider_replies("REPLY_EXPIRED", claims(exp=NOW - 10))
provider_replies("REPLY_LIFETIME", claims(exp=NOW + 86400))
