//! The configuration that a plan holds as `show -json` prints it: what is written there as a literal.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation>,
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/jsonconfig/config.go>

use super::cursor::{Cursor, Read};
use super::marks::{MARKED, Marks, UNMARKED};
use super::pending::Pending;
use super::shown::{Head, MAX_MODULE_DEPTH};
use super::values::{Attribute, Form, Reader};
use crate::document::artifact::{Owner, Section, address};
use crate::text::Span;
use std::collections::BTreeSet;

/// Names of variables that are declared sensitive.
pub(super) type Sensitive = BTreeSet<String>;

/// Reads `configuration`; adds the variables of the root module that are sensitive.
pub(super) fn configuration(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, sensitive: &mut Sensitive) -> Read {
    let mut pending = Pending::default();
    cursor.members(|cursor, key| match key {
        "provider_config" => cursor.members(|cursor, key| provider(reader, cursor, key, &mut pending)),
        "root_module" => Modules { reader, pending: &mut pending }.module(cursor, "", sensitive, 0),
        _ => cursor.skip(),
    })
}

/// Reads one provider block. Its key is `aws`, `aws.alias` or `module.x:aws`; its members say the same.
fn provider(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, key: &str, pending: &mut Pending) -> Read {
    let (mut name, mut alias, mut module) = (String::new(), None, String::new());
    let result = cursor.members(|cursor, key| {
        match key {
            "name" => name = cursor.string()?.unwrap_or_default(),
            "alias" => alias = cursor.string()?,
            "module_address" => module = cursor.string()?.unwrap_or_default(),
            "expressions" => pending.attributes(cursor, Form::Expression)?,
            _ => cursor.skip()?,
        }
        Ok(())
    });
    if name.is_empty() {
        let (inside, local) = key.rsplit_once(':').unwrap_or(("", key));
        let (first, rest) = local.split_once('.').map_or((local, None), |(first, rest)| (first, Some(rest)));
        (name, alias, module) = (first.to_owned(), rest.map(str::to_owned), inside.to_owned());
    }
    let alias = alias.map(|alias| format!(".{alias}")).unwrap_or_default();
    let address = address::in_module(&module, &format!("provider.{name}{alias}"));
    pending.close_one(Marks::default()).visit(reader, Section::Provider, &address, &name);
    result
}

/// The modules of a configuration.
struct Modules<'m, 'r> {
    reader: &'m mut Reader<'r>,
    pending: &'m mut Pending,
}

impl Modules<'_, '_> {
    /// Reads a module and those that it calls; adds its sensitive variables.
    fn module(&mut self, cursor: &mut Cursor<'_>, path: &str, sensitive: &mut Sensitive, depth: usize) -> Read {
        if depth > MAX_MODULE_DEPTH {
            return cursor.skip_too_deep();
        }
        cursor.members(|cursor, key| match key {
            "resources" => cursor.elements(|cursor| self.resource(cursor, path)),
            "variables" => cursor.members(|cursor, name| self.variable(cursor, path, name, sensitive)),
            "outputs" => cursor.members(|cursor, name| self.output(cursor, path, name)),
            "module_calls" => cursor
                .members(|cursor, name| self.call(cursor, &address::in_module(path, &format!("module.{name}")), depth)),
            _ => cursor.skip(),
        })
    }

    fn resource(&mut self, cursor: &mut Cursor<'_>, path: &str) -> Read {
        let mut head = Head::default();
        let result = cursor.members(|cursor, key| match key {
            "expressions" => self.pending.attributes(cursor, Form::Expression),
            "provisioners" => cursor.elements(|cursor| {
                cursor.members(|cursor, key| match key {
                    "expressions" => self.pending.attribute(cursor, "provisioner", Form::Expression),
                    _ => cursor.skip(),
                })
            }),
            _ if head.member(cursor, key)? => Ok(()),
            _ => cursor.skip(),
        });
        self.pending.close_one(Marks::default());
        head.enter(path);
        head.visit(self.reader, self.pending);
        result
    }

    fn variable(&mut self, cursor: &mut Cursor<'_>, path: &str, name: &str, sensitive: &mut Sensitive) -> Read {
        let mut marked = false;
        let result = cursor.members(|cursor, key| match key {
            "default" => self.pending.attribute(cursor, "", Form::Plain),
            "sensitive" => {
                marked |= cursor.is_true()?;
                Ok(())
            }
            _ => cursor.skip(),
        });
        if marked {
            sensitive.insert(name.to_owned());
        }
        let address = address::in_module(path, &format!("var.{name}"));
        self.pending.close_one(Marks::all(marked)).visit(self.reader, Section::Variable, &address, "");
        result
    }

    fn output(&mut self, cursor: &mut Cursor<'_>, path: &str, name: &str) -> Read {
        let mut marked = false;
        let result = cursor.members(|cursor, key| match key {
            "expression" => self.pending.attribute(cursor, "", Form::Expression),
            "sensitive" => {
                marked |= cursor.is_true()?;
                Ok(())
            }
            _ => cursor.skip(),
        });
        let address = address::in_module(path, &format!("output.{name}"));
        self.pending.close_one(Marks::all(marked)).visit(self.reader, Section::Output, &address, "");
        result
    }

    /// Reads a call of a module: what is given to its variables, and the module itself.
    fn call(&mut self, cursor: &mut Cursor<'_>, path: &str, depth: usize) -> Read {
        let (mut given, mut sensitive): (Vec<(String, Span)>, _) = (Vec::new(), Sensitive::new());
        let result = cursor.members(|cursor, key| match key {
            "expressions" => cursor.members(|cursor, name| {
                let (span, result) = cursor.pass();
                given.push((name.to_owned(), span));
                result
            }),
            "module" => self.module(cursor, path, &mut sensitive, depth + 1),
            _ => cursor.skip(),
        });
        for (name, span) in given {
            let marks = if sensitive.contains(&name) { &MARKED } else { &UNMARKED };
            let address = address::in_module(path, &format!("var.{name}"));
            let owner = Owner { section: Section::Variable, address, kind: String::new() };
            self.reader.visit(&owner, Attribute { name: "", span, form: Form::Expression }, marks);
        }
        result
    }
}
