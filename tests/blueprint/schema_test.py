"""docs/blueprint.schema.json, judged by a validator that nobody here wrote.

Every document of the examples and of the golden files that are broken only
across documents is accepted; each golden file named below is refused.
"""
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"skipped: {error}; install python3-jsonschema and python3-yaml")
    sys.exit(77)

import json

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/blueprint/golden"

REFUSED = {
    "agent_with_id_and_application", "agent_without_identity", "anchor_receiver",
    "neither_scopes_nor_roles",
    "bad_authority", "bad_duration", "bad_guid", "bad_limits", "bad_name", "bad_scope",
    "bad_sockets", "certificate_in_the_document", "certificate_unknown_key",
    "certificate_without_file", "credential_secret_and_certificate", "daemon_policies_malformed",
    "daemon_requires_policy_of_a_broken_file", "defaults_empty", "defaults_malformed",
    "defaults_misspelt", "defaults_no_mapping", "defaults_unknown_key", "empty_document",
    "empty_list", "hardening_without_nothing", "hardening_without_what_is_none",
    "labels_as_list", "labels_in_the_spec", "labels_malformed", "labels_of_agents",
    "metrics_by_name", "metrics_with_a_port_that_is_none", "metrics_without_listen",
    "metrics_without_port", "missing_keys", "policy_all_of_one_value", "policy_bad_auth_context", "policy_bad_durations",
    "policy_because_of_two_lines", "policy_boolean_words", "policy_caller_without_account",
    "policy_condition_states_nothing", "policy_effect_false", "policy_fact_without_match",
    "policy_label_as_mapping", "policy_malformed_labels", "policy_match_states_nothing",
    "policy_number_without_quotes", "policy_rule_without_effect", "policy_rule_without_name",
    "policy_rules_as_mapping", "policy_scope_with_resource", "policy_scopes_of_a_broken_api",
    "policy_sign_in_states_nothing", "policy_text_with_blanks", "policy_time_malformed",
    "policy_time_without_quotes", "policy_unknown_agent_of_a_broken_blueprint",
    "policy_unknown_days", "policy_unknown_keys", "policy_unknown_words", "policy_unknown_zone",
    "policy_value_twice", "policy_without_rules", "policy_zone_of_the_host",
    "store_malformed", "secret_expires_malformed", "secret_in_the_document", "selector_without_account",
    "token_version_malformed", "twice_in_a_list", "two_credentials", "unknown_key", "unknown_kind",
    "unknown_words",
    "well_known_evidence_malformed", "well_known_misspelt", "well_known_no_text",
    "well_known_not_near", "well_known_unknown", "wrong_type",
}
# What YAML, or a rule about text, refuses before a schema is asked; and what
# this YAML library lets pass.
UNSEEN = {
    "alias", "anchor", "badly_indented", "byte_order_mark", "carriage_return",
    "colon_in_a_value", "control_character", "deep", "directive", "duplicate_key",
    "end_mark_in_the_middle", "escaped_control_character", "key_that_is_no_text", "merge_key",
    "neither_key_nor_item", "no_document", "not_utf8", "secret_in_a_broken_document", "tab",
    "tag", "text_direction", "unclosed_list", "unclosed_quote", "unknown_directive",
}


class CoreLoader(yaml.SafeLoader):
    """Takes a time for a text, as YAML 1.2's core schema and the loader do."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def documents(path):
    return list(yaml.load_all(path.read_text(encoding="utf-8"), CoreLoader))


def main():
    schema = json.loads((ROOT / "docs/blueprint.schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)
    assert validator is jsonschema.Draft202012Validator, validator
    validator.check_schema(schema)
    check = validator(schema)
    failures = []

    folders = ("deploy/examples", "policies/packs", "blueprint/well_known")
    examples = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.yaml"))
    accepted = examples + [
        path for path in sorted(GOLDEN.glob("*.yaml"))
        if path.stem not in REFUSED | UNSEEN
    ]
    assert len(examples) >= 10 and len(accepted) >= 30, accepted
    for path in accepted:
        for number, document in enumerate(documents(path), 1):
            for error in check.iter_errors(document):
                failures.append(f"{path}: document {number} is refused: {error.message}")

    for name in sorted(REFUSED):
        if all(check.is_valid(document) for document in documents(GOLDEN / f"{name}.yaml")):
            failures.append(f"{name}: all documents are accepted")

    print("\n".join(failures) or f"{len(accepted)} files accepted, {len(REFUSED)} refused")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
