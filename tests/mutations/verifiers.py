"""The checks of the verifiers of users' tokens and of providers' replies."""

from mutation import Mutation, members, rows, without

SUBJECT = "daemon/oauth/entra_subject.cc"
VERIFIER = "daemon/oauth/subject_verifier.cc"
REPLY = "daemon/oauth/entra_reply.cc"
RESPONSE = "daemon/oauth/token_response.cc"

# The programs that must notice, by the tests that are about a file.
KILLERS = {
    SUBJECT: [("oauth_test", "SubjectRules.*")],
    VERIFIER: [("oauth_test", "SubjectRules.*:SubjectMemory.*")],
    REPLY: [("oauth_test", "EntraReply.*:EntraAccess.*:Limits.*")],
    RESPONSE: [("oauth_test", "TokenResponse.*")],
}

# One row a rule: `    {Holds, Reason::kOtherwise},`.
ROW = r"^    \{(\w+), Reason::\w+\},\n"

MUTATIONS = [
    *rows(SUBJECT, ROW, 7),
    *rows(REPLY, ROW, 16),

    # RefuseGraphToken
    Mutation(SUBJECT, "Graph token: nonce in the header", 'jwt.HasHeader("nonce") || ', ""),
    Mutation(SUBJECT, "Graph token: audience", "(audience && IsGraphAudience(*audience))", "false"),
    Mutation(SUBJECT, "Graph token: client id as audience",
             'audience == "00000003-0000-0000-c000-000000000000" ||', ""),
    Mutation(SUBJECT, "Graph token: name as audience",
             'audience == "https://graph.microsoft.com" ||', ""),
    Mutation(SUBJECT, "Graph token: name with a slash as audience",
             '|| audience == "https://graph.microsoft.com/"', ""),

    # ReadSubjectClaims
    *members(SUBJECT, "needed claim", "ver", "iss", "aud", "tid", "oid", "sub"),
    *members(SUBJECT, "plausible time", "exp", "nbf"),
    *members(SUBJECT, "type of a claim", "azp", "appid", "scp", "idtyp", "idp", "xms_idrel"),
    *members(SUBJECT, "type of a claim", "groups", "roles", "amr", "acrs", "acr", "auth_time"),
    Mutation(SUBJECT, "needed claims are not empty", 'json.String(claim).value_or("").empty()',
             "!json.String(claim)"),
    Mutation(SUBJECT, "times are plausible", "!IsPlausibleTime(json.Integer(claim))",
             "!json.Integer(claim)"),
    without(SUBJECT, 'json.Has("acct") && AccountKind(json).empty()', "type of a claim: acct"),

    # What the rows of the subject verifier are made of
    Mutation(SUBJECT, "id token: no client named", "return names_client && ", "return "),
    Mutation(SUBJECT, "id token: nonce", 'json.Has("nonce") || ', ""),
    Mutation(SUBJECT, "id token: at_hash", ' || json.Has("at_hash")', ""),
    Mutation(SUBJECT, "id token: c_hash", ' || json.Has("c_hash")', ""),
    without(SUBJECT, 'q.claims.identity_type == "app"', "app-only: idtyp"),
    Mutation(SUBJECT, "app-only: roles in place of scopes",
             "return !q.claims.scopes.empty() || !q.claims.roles;", "return true;"),
    Mutation(SUBJECT, "issuer of version 1.0", "q.claims.issuer == q.provider.issuer_v1", "true"),
    Mutation(SUBJECT, "issuer of version 2.0", "q.claims.issuer == q.provider.issuer_v2", "true"),
    Mutation(SUBJECT, "client in the version's form", "v1 != q.claims.client_v1.empty() && ", ""),
    Mutation(SUBJECT, "client not in the other form", " && v1 == q.claims.client_v2.empty()", ""),
    Mutation(SUBJECT, "guest: other identity provider", "foreign || ", ""),
    Mutation(SUBJECT, "guest: kind of account", 'AccountKind(claims) == "1" || ', ""),
    Mutation(SUBJECT, "guest: relation", ' || HasFacet(Text(claims, "xms_idrel"), "5")', ""),

    # VerifyAnew, and what a verifier remembers
    without(VERIFIER, "!unverified.ok()", "the token is a JWT"),
    without(VERIFIER, "!graph.ok()", "the token is not for Graph"),
    without(VERIFIER, "!ParseAlgorithm(unverified->algorithm())", "the algorithm, before keys"),
    without(VERIFIER, "!unverified->key_id()", "a key id, before keys"),
    without(VERIFIER, "!keys.ok()", "the keys are known"),
    Mutation(VERIFIER, "the signature",
             "**keys);\n  if (!verified.ok()) co_return verified.status();", "**keys);"),
    without(VERIFIER, "!claims.ok()", "the claims can be read"),
    without(VERIFIER, "!accepted.ok()", "the rules, every time"),
    Mutation(VERIFIER, "memory: the key is there", "if (key_stands && ", "if ("),
    Mutation(VERIFIER, "memory: the key is the same",
             " && key->thumbprint() == claims->key_thumbprint", ""),
    Mutation(VERIFIER, "memory: the token has not expired",
             " && now < claims->expires_at + kClockSkew", ""),

    # What the rows of the reply verifier are made of
    without(REPLY, "!jwt.ok()", "the reply's token is a JWT"),
    without(REPLY, "!IsPlausibleTime(expires)", "the reply's token has an expiry"),
    Mutation(REPLY, "the earlier expiry counts",
             "std::min(by_token, now + absl::Seconds(*reply.expires_in))", "by_token"),
    Mutation(REPLY, "reply: issuer of version 1.0",
             'Is(c, "iss", c.request.provider().issuer_v1)', "true"),
    Mutation(REPLY, "reply: the version exists", 'Is(c, "ver", "2.0") && ', ""),
    Mutation(REPLY, "reply: issuer of version 2.0",
             ' && Is(c, "iss", c.request.provider().issuer_v2)', ""),
    Mutation(REPLY, "reply: either version will do", "expected == TokenVersion::kEither || ", ""),
    Mutation(REPLY, "reply: version 1 alone", "IsV1(c) == (expected == TokenVersion::k1)",
             "IsV1(c)"),
    Mutation(REPLY, "reply: version 2 alone", "IsV1(c) == (expected == TokenVersion::k1)",
             "!IsV1(c)"),
    Mutation(REPLY, "reply: client in the version's form", 'IsV1(c) ? "appid" : "azp"',
             'c.claims.Has("azp") ? "azp" : "appid"'),
    Mutation(REPLY, "reply: the user's object id",
             'IsLowerCased(c, "oid", c.request.subject->object_id()) &&', ""),
    Mutation(REPLY, "reply: the user's tenant",
             ' &&\n         IsLowerCased(c, "tid", c.request.subject->tenant())', ""),
    Mutation(REPLY, "reply: an application has no parent",
             "!c.request.agent->is_application &&\n         IsLowerCased", "IsLowerCased"),
    Mutation(REPLY, "reply: an application is no agent",
             "is_agent != c.request.agent->is_application", "is_agent"),
    Mutation(REPLY, "reply: of whose kind it is", 'IsDelegated(c) ? "user" : "app"',
             'IsDelegated(c) ? "user" : c.claims.String("idtyp").value_or("")'),
    Mutation(REPLY, "reply: an application's subject is its principal",
             'return IsLowerCased(c, "oid", LowerCase(c.claims.String("sub").value_or("")));',
             'return true;'),
    without(REPLY, "!carried", "reply: roles are a list"),

    # CheckLimits
    without(REPLY, "token.expires_at <= now + kLeastRemaining", "limits: time left"),
    without(REPLY, "token.expires_at - token.obtained_at > request.max_lifetime",
            "limits: lifetime"),
    without(REPLY, "!CarriesAllAsked(token.scopes, request)", "limits: scopes asked for"),
    without(REPLY, "!CarriesNoMore(token.scopes, request)", "limits: no other scopes"),

    # ParseTokenResponse
    without(RESPONSE, "!json.ok()", "the reply is a JSON object"),
    without(RESPONSE, "!token || token->empty()", "the reply holds a token"),
    Mutation(RESPONSE, "the reply's token is not empty", " || token->empty()", ""),
    without(RESPONSE, 'json->Has("expires_in") && !ExpiresIn(*json)', "expires_in is a number"),
]
