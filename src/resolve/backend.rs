//! What a backend finally gets: the block, backend-config files, command-line arguments, Terragrunt and the policy,
//! merged. <https://developer.hashicorp.com/terraform/language/backend#partial-configuration>

use super::module::BlockIn;
use super::schema::BackendSchema;
use super::value::Value;
use crate::finding::Place;
use crate::text::{RepoPath, Span};
use std::collections::BTreeMap;

/// A backend as one way of running Terraform configures it.
#[derive(Clone, Debug)]
pub struct Backend {
    /// How it is written.
    pub form: Form,
    /// The backend's name: `s3`, `cloud`; of an encryption block: the key provider's.
    pub kind: String,
    /// What that backend takes; None for one that is not known.
    pub schema: Option<&'static BackendSchema>,
    /// Directory of the module.
    pub module: RepoPath,
    /// `terraform.backend.s3`, `data.terraform_remote_state.x`, `terragrunt.remote_state.s3`.
    pub address: String,
    /// The block's header: where findings about the whole stand.
    pub header: Place,
    /// The bytes between the block's braces, where it is a block.
    pub inner: Option<Span>,
    /// Its arguments by name; nested blocks and objects as maps or lists of maps.
    pub settings: BTreeMap<String, Setting>,
    /// Whether all its arguments are known to be here: what is missing is absent, not merely elsewhere.
    pub complete: bool,
    /// The command or file that completes it, where one does.
    pub completed_by: Option<Place>,
}

/// How a backend is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A `backend` or `cloud` block.
    Block,
    /// The `config` of a `terraform_remote_state` data source.
    RemoteState,
    /// Terragrunt's `remote_state`.
    Terragrunt,
    /// A key provider or method in OpenTofu's `encryption` block.
    Encryption,
}

/// One argument of a backend.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its value; its way ends with the sink.
    pub value: Value,
    /// Who supplies it.
    pub from: SettingFrom,
}

/// Who supplies an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingFrom {
    /// The block itself.
    Block,
    /// A backend-config file.
    File(RepoPath),
    /// A `-backend-config=key=value` argument.
    Argument,
    /// The policy's `backends:`.
    Policy,
}

/// What the repository says about an argument.
#[derive(Clone, Debug)]
pub enum Answer<'b> {
    /// It is set: one or more values, known or not, and who supplies them.
    Set(Vec<(&'b Value, &'b SettingFrom)>),
    /// It is not set, and nothing can set it but the environment.
    Absent,
    /// It is not set here, and nothing in the repository says what supplies the rest.
    Undecided,
}

impl Backend {
    /// A backend of a block, without what is supplied elsewhere.
    pub fn of_block(
        form: Form,
        kind: &str,
        address: &str,
        block: BlockIn<'_>,
        content: &Value,
        module: &RepoPath,
    ) -> Self {
        let schema = BackendSchema::of(kind);
        let mut backend = Backend {
            form,
            kind: kind.to_owned(),
            schema,
            module: module.clone(),
            address: address.to_owned(),
            header: block.header(),
            inner: Some(block.block.inner),
            settings: BTreeMap::new(),
            complete: false,
            completed_by: None,
        };
        backend.set_all(content, &SettingFrom::Block);
        backend.complete = backend.is_complete_alone();
        backend
    }

    /// Sets every entry of a map; later ones replace earlier ones.
    pub fn set_all(&mut self, entries: &Value, from: &SettingFrom) {
        for (name, value) in entries.as_map().into_iter().flatten() {
            // A null argument is one that is not given.
            if !value.is_null() {
                self.settings.insert(name.clone(), Setting { value: value.clone(), from: from.clone() });
            }
        }
    }

    /// Whether what is set suffices to run: every required argument is there. A block without any argument is waiting
    /// for them, unless its backend needs none.
    pub fn is_complete_alone(&self) -> bool {
        if matches!(self.kind.as_str(), "local" | "cloud" | "inmem") || self.form != Form::Block {
            return true;
        }
        let required = self.schema.into_iter().flat_map(|schema| schema.arguments).filter(|a| a.required);
        let top_level = required.filter(|argument| !argument.path.contains('.'));
        !self.settings.is_empty() && top_level.into_iter().all(|argument| self.settings.contains_key(argument.path))
    }

    /// What is said about an argument, by its dotted path.
    pub fn answer(&self, path: &str) -> Answer<'_> {
        let values = self.values(path);
        match (values.is_empty(), self.complete) {
            (false, _) => Answer::Set(values),
            (true, true) => Answer::Absent,
            (true, false) => Answer::Undecided,
        }
    }

    /// All values at a dotted path and who supplies them; alternatives count each.
    pub fn values(&self, path: &str) -> Vec<(&Value, &SettingFrom)> {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let Some(setting) = self.settings.get(name) else { return Vec::new() };
        let at = match rest {
            Some(rest) => setting.value.at(rest),
            None => vec![&setting.value],
        };
        let each = at.into_iter().flat_map(|value| value.alternatives());
        each.filter(|value| !value.is_null()).map(|value| (value, &setting.from)).collect()
    }

    /// Required arguments that nothing supplies.
    pub fn missing(&self) -> Vec<&'static str> {
        let required = self.schema.into_iter().flat_map(|schema| schema.arguments).filter(|a| a.required);
        let top_level = required.map(|argument| argument.path).filter(|path| !path.contains('.'));
        top_level.filter(|path| !self.settings.contains_key(*path)).collect()
    }
}
