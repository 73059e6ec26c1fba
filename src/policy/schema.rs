//! The JSON schema of a policy, for editors and for those who write policies by program.

use super::custom::Check;
use super::model::RuleInfo;
use super::read::{BACKENDS, KEYS};
use super::settings::OptionKind;
use serde_json::{Map, Value, json};

/// The schema's own name; a policy names it in `# yaml-language-server: $schema=...`.
pub const SCHEMA_ID: &str = "https://raw.githubusercontent.com/credlint/credlint/main/policies/schema.json";

/// The schema (draft 2020-12) of policies over these rules. What it refuses, [`load`](super::load()) refuses too. It
/// takes more: it cannot know the names of custom rules, the calendar, or the syntax of patterns.
pub fn schema(rules: &[RuleInfo]) -> Value {
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "credlint policy",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": {
            "version": { "const": 1, "description": "The version of the policy's format." },
            "extends": {
                "description": "Built-in policies, or paths of policies relative to this file; a later one counts over \
                    an earlier one, and this file over all. `recommended` is below everything where no built-in policy \
                    is named; an empty list starts from nothing.",
                "type": ["array", "null"],
                "items": { "anyOf": [{ "enum": ["minimal", "recommended", "strict"] }, { "$ref": "#/$defs/text" }] }
            },
            "rules": rules_object(rules, "", "What is done about each rule's findings; a custom rule can be named too."),
            "detectors": {
                "description": "Formats of credentials that join the program's own.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "gitleaks": {
                        "description": "Paths of gitleaks configurations relative to this file: their rules are \
                            searched for as well, their allowlists hold for `recognized-credential`.",
                        "anyOf": [
                            { "$ref": "#/$defs/text" },
                            { "type": "array", "items": { "$ref": "#/$defs/text" } }
                        ]
                    }
                }
            },
            "backends": list("How partial backends are completed, where the repository itself does not say.", "backend"),
            "scopes": list("What holds for some paths only; the later scope counts.", "scope"),
            "exceptions": list("Findings that are known and accepted until a date.", "exception"),
            "verify": verify(),
            "custom": list("Rules of this policy's own.", "custom"),
        },
        "$defs": definitions(rules),
    });
    debug_assert!(KEYS.iter().filter(|key| **key != "rego").all(|key| root["properties"].get(key).is_some()));
    let each = rules.iter().flat_map(|rule| [rule_definition(rule, ""), rule_definition(rule, SCOPED)]);
    if let Some(definitions) = root["$defs"].as_object_mut() {
        definitions.extend(each);
    }
    root
}

/// What is said of a rule in a scope has a definition of its own, as `ignorable` cannot stand there.
const SCOPED: &str = "scoped-";

fn list(description: &str, definition: &str) -> Value {
    json!({
        "description": description,
        "type": ["array", "null"],
        "items": { "$ref": format!("#/$defs/{definition}") }
    })
}

fn rules_object(rules: &[RuleInfo], prefix: &str, description: &str) -> Value {
    let properties: Map<String, Value> = rules
        .iter()
        .map(|rule| (rule.id.to_owned(), json!({ "$ref": format!("#/$defs/{prefix}rule-{}", rule.id) })))
        .collect();
    json!({
        "description": description,
        "type": if prefix.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": properties,
        "propertyNames": { "$ref": "#/$defs/id" },
        "additionalProperties": { "$ref": format!("#/$defs/{prefix}rule") }
    })
}

fn rule_definition(rule: &RuleInfo, prefix: &str) -> (String, Value) {
    let options: Map<String, Value> = rule.options.iter().map(|spec| (spec.name.to_owned(), option(spec))).collect();
    let options = json!({ "type": "object", "properties": options, "additionalProperties": false });
    let mut definition = rule_shape(options, prefix.is_empty());
    definition["description"] = rule.summary.into();
    (format!("{prefix}rule-{}", rule.id), definition)
}

fn rule_shape(options: Value, ignorable: bool) -> Value {
    let mut properties = json!({ "level": { "$ref": "#/$defs/level" }, "options": options });
    if ignorable {
        properties["ignorable"] = json!({
            "type": "boolean",
            "description": "false: no ignore, exception or baseline hides its findings."
        });
    }
    json!({
        "anyOf": [
            { "$ref": "#/$defs/level" },
            { "type": "object", "minProperties": 1, "additionalProperties": false, "properties": properties }
        ]
    })
}

fn option(spec: &super::OptionSpec) -> Value {
    let mut schema = match &spec.kind {
        OptionKind::Integer { default, min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max, "default": default })
        }
        OptionKind::Flag { default } => json!({ "type": "boolean", "default": default }),
        OptionKind::Strings { default, allowed } => {
            let item = if allowed.is_empty() { json!({ "$ref": "#/$defs/text" }) } else { json!({ "enum": allowed }) };
            json!({ "type": "array", "items": item, "default": default })
        }
    };
    schema["description"] = spec.summary.into();
    schema
}

fn definitions(rules: &[RuleInfo]) -> Value {
    let none = json!({ "type": "object", "maxProperties": 0 });
    json!({
        "text": { "type": "string", "pattern": "\\S" },
        "id": { "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 64 },
        "level": { "enum": ["error", "warning", "note", "off"] },
        "paths": {
            "description": "Paths from the repository's root: `*` does not cross a `/`, `**` does; a directory without \
                wildcards means all in it.",
            "type": "array",
            "minItems": 1,
            "items": { "$ref": "#/$defs/path" }
        },
        "path": { "type": "string", "pattern": "^[^/]", "maxLength": 1000 },
        "rule": rule_shape(none.clone(), true),
        "scoped-rule": rule_shape(none, false),
        "scope": object(&["paths", "rules"], json!({
            "paths": { "$ref": "#/$defs/paths" },
            "rules": { "minProperties": 1, "allOf": [rules_object(rules, SCOPED, "What holds there.")] }
        })),
        "exception": object(&["rule", "path", "reason", "expires"], json!({
            "rule": { "$ref": "#/$defs/id" },
            "path": { "$ref": "#/$defs/path" },
            "address": { "description": "Terraform's own name, as provider.aws.old; all addresses if absent.", "$ref": "#/$defs/text" },
            "reason": { "$ref": "#/$defs/text" },
            "expires": { "description": "The last day it holds.", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }
        })),
        "backend": object(&["paths", "type", "values"], json!({
            "paths": { "description": "Directories of modules.", "$ref": "#/$defs/paths" },
            "type": { "enum": BACKENDS },
            "values": { "type": "object", "additionalProperties": { "$ref": "#/$defs/supplied" } }
        })),
        "supplied": {
            "type": ["string", "boolean", "number", "array", "object"],
            "items": { "$ref": "#/$defs/supplied" },
            "additionalProperties": { "$ref": "#/$defs/supplied" }
        },
        "custom": custom(),
        "scalar": { "type": ["string", "boolean", "number"] },
    })
}

fn verify() -> Value {
    let accounts = |description: &str| {
        json!({
            "description": description,
            "type": ["array", "null"],
            "items": { "type": "string", "pattern": "^[0-9]{12}$" }
        })
    };
    json!({
        "description": "Whom credentials may be sent to. It counts only in a policy that the change under judgement \
            cannot have written: one read with --policy-ref or --base.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "hosts": {
                "description": "Self-hosted issuers, as --verify-host names them: vault=https://vault.example.com:8200.",
                "type": ["array", "null"],
                "items": { "type": "string", "pattern": "^[^=]+=." }
            },
            "accounts": accounts("The only AWS accounts whose keys are asked about; all if there are none."),
            "canary_accounts": accounts("AWS accounts whose keys are traps: they are told, and never asked about.")
        }
    })
}

fn custom() -> Value {
    let scalars = json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/scalar" } });
    let scalar = json!({ "$ref": "#/$defs/scalar" });
    let mut checks = Map::new();
    for word in Check::WORDS {
        let value = match word {
            "exists" => json!({ "type": "boolean" }),
            "matches" => json!({ "$ref": "#/$defs/text", "description": "`*` stands for anything." }),
            "in" | "not_in" => scalars.clone(),
            _ => scalar.clone(),
        };
        checks.insert(word.to_owned(), value);
    }
    object(
        &["id", "level", "select", "require", "message"],
        json!({
            "id": { "$ref": "#/$defs/id" },
            "level": { "$ref": "#/$defs/level" },
            "severity": { "enum": ["low", "medium", "high", "critical"], "default": "medium" },
            "select": object(&["block"], json!({
                "block": {
                    "description": "A block's type and labels with dots between: terraform.backend.s3, resource.aws_s3_bucket.",
                    "$ref": "#/$defs/text"
                }
            })),
            "require": {
                "description": "What the arguments must be; all of it must hold.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "type": "object", "minProperties": 1, "additionalProperties": false, "properties": checks
                }
            },
            "message": { "$ref": "#/$defs/text" }
        }),
    )
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}
