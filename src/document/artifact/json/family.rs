//! Which artifact a JSON document is, told by the keys of its outermost object.

use super::cursor::{Cursor, Read};
use jiter::Peek;

/// What the outermost object is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A state file, or a backend cache.
    State,
    /// `show -json` of a state.
    ShownState,
    /// `show -json` of a plan.
    ShownPlan,
    /// `output -json`.
    Outputs,
    /// A state that OpenTofu has encrypted.
    EncryptedState,
    /// A plan that OpenTofu has encrypted.
    EncryptedPlan,
}

/// What was seen of the outermost object.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// `version`, if it is a whole number; the last one, as Go's decoder takes it.
    pub(super) version: Option<u64>,
    format_version: bool,
    encrypted: bool,
    terraform_version: bool,
    lineage: bool,
    serial: bool,
    modules: bool,
    resources: bool,
    backend: bool,
    values: bool,
    plan: bool,
    outputs: bool,
    members: usize,
}

impl Evidence {
    /// Takes note of a member; the cursor, which is the caller's to lose, stands before its value.
    pub(super) fn note(&mut self, key: &str, cursor: Cursor<'_>) {
        // What cannot be read is told by the one that reads the values.
        let _ = self.look(key, cursor);
    }

    fn look(&mut self, key: &str, mut cursor: Cursor<'_>) -> Read {
        let peek = cursor.peek()?;
        self.members += 1;
        if self.members == 1 && peek == Peek::Object {
            self.outputs = is_output(&mut cursor.at(cursor.place()))?;
        }
        let text = peek == Peek::String;
        let object = peek == Peek::Object;
        match key {
            "version" if peek.is_num() => self.version = cursor.count()?.or(self.version),
            "format_version" => self.format_version |= text,
            // https://github.com/opentofu/opentofu/blob/v1.9.0/internal/encryption/base.go (`IsEncryptionPayload`)
            "encryption_version" => self.encrypted |= cursor.string()?.is_some_and(|version| !version.is_empty()),
            "terraform_version" => self.terraform_version |= text,
            "lineage" => self.lineage |= text,
            "serial" => self.serial |= peek.is_num(),
            "modules" => self.modules |= peek == Peek::Array,
            "resources" => self.resources |= peek == Peek::Array,
            "backend" | "remote" | "state_store" => self.backend |= object,
            "values" => self.values |= object,
            "planned_values" | "prior_state" | "configuration" | "output_changes" => self.plan |= object,
            "resource_changes" | "resource_drift" => self.plan |= peek == Peek::Array,
            _ => {}
        }
        Ok(())
    }

    /// Whether it has the shape of versions 1 to 3.
    pub(super) fn has_modules(&self) -> bool {
        self.modules
    }

    /// What it is, if that is sure before the rest is read. Terraform writes what decides it first.
    pub(super) fn early(&self) -> Option<Family> {
        if self.format_version {
            let shown = self.values.then_some(Family::ShownState);
            return if self.plan { Some(Family::ShownPlan) } else { shown };
        }
        if self.version.is_some() && (self.terraform_version || self.lineage) {
            return Some(Family::State);
        }
        self.outputs.then_some(Family::Outputs)
    }

    /// What it is, if it ends here. Where the keys alone say too little, the name of a state counts.
    pub(super) fn last(&self, named_state: bool) -> Option<Family> {
        if self.encrypted {
            let state = self.serial || self.lineage;
            return Some(if state { Family::EncryptedState } else { Family::EncryptedPlan });
        }
        if self.format_version && self.terraform_version && self.members <= 3 {
            return Some(Family::ShownState);
        }
        let head = [self.version.is_some(), self.terraform_version, self.lineage, self.serial];
        let heads = head.iter().filter(|seen| **seen).count();
        let body = self.modules || self.resources || self.backend;
        let enough = heads >= 3 || heads == 2 && body || named_state && (heads > 0 || body);
        enough.then_some(Family::State)
    }
}

/// Whether a value is an output as `output -json` writes it, and nothing else.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/views/output.go> (`OutputJSON`)
fn is_output(cursor: &mut Cursor<'_>) -> Read<bool> {
    let (mut sensitive, mut kind, mut value, mut other) = (false, false, false, false);
    cursor.members(|cursor, key| {
        let peek = cursor.peek()?;
        match key {
            "sensitive" => sensitive |= matches!(peek, Peek::True | Peek::False),
            "type" => kind |= matches!(peek, Peek::String | Peek::Array),
            "value" => value = true,
            _ => other = true,
        }
        cursor.skip()
    })?;
    Ok(sensitive && kind && value && !other)
}
