"""What keeps a provider in trouble from being asked, and its users from waiting."""

from mutation import Mutation, without

CIRCUIT = "daemon/oauth/circuit.cc"
HTTP = "daemon/oauth/circuit_http.cc"
RETRYING = "daemon/oauth/retrying_dialect.cc"

KILLERS = {
    CIRCUIT: [("oauth_test", "CircuitTest.*")],
    HTTP: [("oauth_test", "CircuitHttpTest.*")],
    RETRYING: [("oauth_test", "RetryingDialectTest.*:CircuitHttpTest.*")],
}

MUTATIONS = [
    Mutation(CIRCUIT, "open: whoever asks is looked at",
             "if (left > absl::ZeroDuration()) {", "if (false) {"),
    Mutation(CIRCUIT, "open: a probe counts from when it is sent",
             "  Schedule(now, asker);\n", ""),
    Mutation(CIRCUIT, "an answer begins the row anew", "  failures_ = 0;\n", ""),
    Mutation(CIRCUIT, "an answer closes", "std::exchange(open_since_, std::nullopt)",
             "open_since_"),
    without(CIRCUIT, "sent.answers_ != answers_", "what was sent before the last answer"),
    Mutation(CIRCUIT, "it opens once", "open_since_ || ++failures_", "++failures_"),
    Mutation(CIRCUIT, "the next probe is for others first",
             "again ? next_probe_ + kYield : next_probe_", "next_probe_"),
    Mutation(HTTP, "trouble is no answer", "if (in_trouble(*response))", "if (false)"),
    Mutation(HTTP, "no response is no answer",
             "if (!response.ok()) return std::string(response.status().message());",
             "if (!response.ok()) return {};"),
    without(RETRYING, "circuit->Now().open", "a probe is one request"),
    without(RETRYING, "!entered.ok()", "who may not ask does not"),
]
