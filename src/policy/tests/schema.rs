use super::*;
use crate::text::yaml::{self, Node, NodeKind};
use serde_json::{Map, Value, json};

/// A YAML document as a JSON value, as an editor's language server has it.
fn json_of(node: &Node) -> Value {
    match &node.kind {
        _ if node.is_null() => Value::Null,
        NodeKind::Sequence(items) => items.iter().map(json_of).collect(),
        NodeKind::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.as_str().unwrap_or("?").to_owned(), json_of(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        NodeKind::Scalar { text, .. } => {
            let number = node.as_int().map(|value| json!(value)).or_else(|| node.as_float().map(|value| json!(value)));
            match (node.as_string(), node.as_bool()) {
                (Some(text), _) => json!(text),
                (None, Some(flag)) => json!(flag),
                (None, None) => number.unwrap_or_else(|| json!(text)),
            }
        }
    }
}

fn takes(schema: &jsonschema::Validator, text: &str) -> bool {
    schema.is_valid(&json_of(&yaml::parse(text.as_bytes()).unwrap()[0]))
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema(&RULES)).unwrap()
}

fn loads(text: &str) -> bool {
    load_all(&[(".credlint.yaml", text)], &[".credlint.yaml"]).is_ok()
}

#[test]
fn the_schema_is_one() {
    jsonschema::draft202012::meta::validate(&schema(&RULES)).unwrap();
}

#[test]
fn what_loads_the_schema_takes() {
    let schema = validator();
    let mut texts =
        vec![EXAMPLE.to_owned(), show(&one(EXAMPLE)), "version: 1\nrules:\nscopes:\ncustom: []\n".to_owned()];
    texts.extend(BuiltIn::ALL.map(|policy| builtin_text(policy, &RULES)));
    for text in texts {
        assert!(loads(&text) && takes(&schema, &text), "{text}");
    }
}

#[test]
fn what_the_schema_refuses_does_not_load() {
    let schema = validator();
    // What only the loader can know: names of rules, the calendar, the syntax of patterns and blocks, other files,
    // credentials, and YAML itself.
    let beyond = [
        "there is no rule",
        "cannot be extended",
        "not a date",
        "the pattern is not valid",
        "not an id",
        "not a block",
        "does not start with",
        "paths are relative",
        "a built-in rule",
        "holds no credentials",
        "key is there twice",
        "not YAML",
        "one YAML document",
        "as key",
        "not an argument's name",
    ];
    for (body, error) in super::errors::BAD {
        let text = format!("version: 1\n{body}\n");
        assert!(!loads(&text), "{body}");
        if !beyond.iter().any(|what| error.contains(what)) {
            assert!(!takes(&schema, &text), "the schema takes {body}");
        }
    }
}

#[test]
fn rules_and_options_are_in_the_schema() {
    let schema = schema(&RULES);
    for rule in RULES {
        let definition = &schema["$defs"][format!("rule-{}", rule.id)];
        let options = &definition["anyOf"][1]["properties"]["options"]["properties"];
        assert!(rule.options.iter().all(|spec| options.get(spec.name).is_some()), "{}", rule.id);
    }
}
