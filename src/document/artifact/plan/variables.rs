//! What the embedded configuration says of the variables, and a plan's own list does not: which are sensitive, and the
//! values of those that nobody has set.

use super::super::{Leaf, Owner, Section, Visitor};
use crate::document::Kind;
use crate::document::hcl::{self, Block, Expr, ExprKind, JsonFlavour, UnaryOperator};
use crate::text::RepoPath;
use std::collections::BTreeMap;

/// How many bytes of configuration are parsed: more than anybody writes into one module.
const MOST: usize = 4 << 20;

/// The variables that the root module declares.
pub(super) struct Variables {
    declared: BTreeMap<String, Variable>,
    left: usize,
}

/// One declaration.
#[derive(Default)]
struct Variable {
    sensitive: bool,
    /// The parts of its default: path, text, and whether it is a number.
    default: Vec<(String, String, bool)>,
}

impl Variables {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { declared: BTreeMap::new(), left: MOST }
    }

    /// Adds those that a file of the configuration declares. The root module's stand in the directory `m-`.
    ///
    /// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/config_snapshot.go>
    pub(super) fn add(&mut self, entry: &str, bytes: &[u8]) {
        let Some(file) = entry.strip_prefix("tfconfig/m-/").filter(|file| !file.contains('/')) else { return };
        let kind = Kind::of(&RepoPath::new(file));
        if !kind.is_configuration() || bytes.len() > self.left {
            return;
        }
        self.left -= bytes.len();
        let parsed = match kind {
            Kind::TfJson | Kind::TofuJson => hcl::parse_json(bytes, JsonFlavour::Configuration),
            _ => hcl::parse(bytes),
        };
        for block in parsed.body.blocks_of("variable") {
            self.declare(block);
        }
    }

    fn declare(&mut self, block: &Block) {
        let Some(name) = block.label(0) else { return };
        // Files that override others declare a variable once more, in part.
        let variable = self.declared.entry(name.to_owned()).or_default();
        if let Some(sensitive) = block.body.attribute("sensitive") {
            variable.sensitive = match &sensitive.value.kind {
                ExprKind::Bool(sensitive) => *sensitive,
                ExprKind::String(text) => &**text == "true",
                _ => false,
            };
        }
        if let Some(default) = block.body.attribute("default") {
            variable.default.clear();
            parts(&default.value, &mut String::new(), &mut variable.default);
        }
    }

    /// Takes note that a variable is set. Returns whether it is sensitive.
    pub(super) fn set(&mut self, name: &str) -> bool {
        self.declared.get_mut(name).is_some_and(|variable| {
            variable.default.clear();
            variable.sensitive
        })
    }

    /// Hands over the defaults of those that are not set, as `show -json` does.
    pub(super) fn visit_defaults(&self, visitor: &mut dyn Visitor) {
        for (name, variable) in self.declared.iter().filter(|(_, variable)| !variable.default.is_empty()) {
            let owner = Owner { section: Section::Variable, address: format!("var.{name}"), kind: String::new() };
            let marked = variable.sensitive;
            if visitor.wants(&owner, "", None, marked) || marked {
                for (path, text, number) in &variable.default {
                    visitor.leaf(&owner, Leaf { path, text, number: *number, span: None, marked });
                }
            }
        }
    }
}

/// The parts of a default, which is literal.
fn parts(value: &Expr, path: &mut String, found: &mut Vec<(String, String, bool)>) {
    match &value.kind {
        ExprKind::String(text) if !text.is_empty() => found.push((path.clone(), text.to_string(), false)),
        ExprKind::Number(number) => found.push((path.clone(), number.to_string(), true)),
        ExprKind::Unary(UnaryOperator::Negate, positive) => {
            if let ExprKind::Number(number) = &positive.kind {
                found.push((path.clone(), format!("-{number}"), true));
            }
        }
        ExprKind::Parenthesis(inner) => parts(inner, path, found),
        ExprKind::Tuple(values) => values.iter().for_each(|value| parts(value, path, found)),
        ExprKind::Object(pairs) => {
            for (key, value) in pairs {
                let (ExprKind::String(_) | ExprKind::Variable(_) | ExprKind::Number(_)) = &key.kind else { continue };
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                match &key.kind {
                    ExprKind::String(name) => path.push_str(name),
                    ExprKind::Variable(name) | ExprKind::Number(name) => path.push_str(name),
                    _ => {}
                }
                parts(value, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Heard;
    use super::*;

    /// What is heard of the defaults of a file's variables, once those named are set; and which of these are sensitive.
    fn heard(entry: &str, text: &str, set: &[&str]) -> (Vec<String>, Vec<bool>) {
        let mut variables = Variables::new();
        variables.add(entry, text.as_bytes());
        let set = set.iter().map(|name| variables.set(name)).collect();
        let mut heard = Heard::default();
        variables.visit_defaults(&mut heard);
        (heard.lines(), set)
    }

    const NATIVE: &str = r#"
variable "a" {
  sensitive = true
  default   = "one"
}
variable "b" {
  default = { name = "two", "list" = [3, -4, { c = "five" }], none = null, flag = true }
}
variable "c" {
}
"#;

    #[test]
    fn both_syntaxes_of_the_root_module_are_read() {
        let all = ["var.a =one!", "var.b name=two", "var.b list=3", "var.b list=-4", "var.b list.c=five"];
        assert_eq!(heard("tfconfig/m-/main.tf", NATIVE, &[]), (all.map(str::to_owned).to_vec(), vec![]));
        let (lines, set) = heard("tfconfig/m-/main.tf", NATIVE, &["a", "b", "c", "d"]);
        assert_eq!((lines.len(), set), (0, vec![true, false, false, false]));
        let json = r#"{"variable":{"a":{"sensitive":true,"default":"one"},"b":{"default":["x"]}}}"#;
        let (lines, set) = heard("tfconfig/m-/main.tf.json", json, &["a"]);
        assert_eq!((lines, set), (vec!["var.b =x".to_owned()], vec![true]));
    }

    #[test]
    fn other_files_declare_nothing() {
        for other in ["tfconfig/m-db/main.tf", "tfconfig/m-/sub/main.tf", "tfconfig/m-/main.tfvars", "tfconfig/x.tf"] {
            assert!(heard(other, NATIVE, &[]).0.is_empty(), "{other}");
        }
        let long = format!("{NATIVE}#{}", " ".repeat(MOST));
        assert!(heard("tfconfig/m-/main.tf", &long, &[]).0.is_empty());
    }
}
