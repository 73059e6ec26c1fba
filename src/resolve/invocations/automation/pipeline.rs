//! Workflows and pipelines in YAML.
//!
//! They differ in where things stand, hardly in what their keys are called: one walk knows the keys of all systems.

use super::super::lexer::Dialect;
use super::super::pipelines::{dialect_of, get, scalar, scripts};
use super::draft::Draft;
use super::{Holder, Site, System, commands, settings};
use crate::text::Source;
use crate::text::yaml::{Node, NodeKind};
use std::sync::Arc;

/// Keys that hold variables.
const VARIABLES: [&str; 6] = ["env", "environment", "variables", "envs", "vars", "env_variables"];
/// Keys that hold a script, or a list that is one.
const SCRIPTS: [&str; 22] = [
    "run",
    "script",
    "before_script",
    "after_script",
    "after-script",
    "commands",
    "command",
    "cmds",
    "cmd",
    "bash",
    "sh",
    "pwsh",
    "powershell",
    "inlineScript",
    "before_install",
    "install",
    "after_success",
    "deploy",
    "finally",
    "pre",
    "multienv",
    "InlineScript",
];

/// What a visit inherits.
#[derive(Clone, Copy)]
struct At {
    site: Site,
    in_job: bool,
    /// Whether the container runs beside a job.
    service: bool,
    dialect: Dialect,
}

pub(super) fn read(source: &Arc<Source>, document: &Node, system: System, draft: &mut Draft<'_>) {
    let dialect = if system == System::Azure { Dialect::Azure } else { Dialect::Posix };
    let site = Site { job: 0, group: draft.group(), on_demand: only_by_hand(document) };
    let at = At { site, in_job: false, service: false, dialect };
    Walk { source, system, draft }.visit(document, "", at);
}

/// Whether a workflow is started by hand alone.
fn only_by_hand(document: &Node) -> bool {
    let Some(on) = document.get("on") else { return false };
    let only = |name: &str| name == "workflow_dispatch";
    match &on.kind {
        NodeKind::Scalar { text, .. } => only(text),
        NodeKind::Sequence(items) => !items.is_empty() && items.iter().all(|item| item.as_str().is_some_and(only)),
        NodeKind::Mapping(entries) => {
            !entries.is_empty() && entries.iter().all(|(name, _)| name.as_str().is_some_and(only))
        }
    }
}

struct Walk<'w, 's> {
    source: &'w Arc<Source>,
    system: System,
    draft: &'w mut Draft<'s>,
}

impl Walk<'_, '_> {
    fn visit(&mut self, node: &Node, key: &str, at: At) {
        match &node.kind {
            NodeKind::Scalar { .. } => {}
            NodeKind::Sequence(items) => {
                for (nth, item) in items.iter().enumerate() {
                    // CircleCI's first container runs the job, the others serve it.
                    let service = at.service || (key == "docker" && nth > 0);
                    self.visit(item, key, At { service, ..at });
                }
            }
            NodeKind::Mapping(_) => self.mapping(node, key, at),
        }
    }

    fn mapping(&mut self, node: &Node, key: &str, at: At) {
        let at = self.inside(node, key, at);
        let action = self.action(node, at);
        let entries = node.merged();
        for (key, value) in &entries {
            let key = key.as_str().unwrap_or("");
            if self.own(node, key, value, action, at) {
                continue;
            }
            let service = at.service || matches!(key, "services" | "sidecars");
            self.visit(value, key, At { service, ..at });
        }
    }

    /// What holds inside a mapping: a job of its own, a condition.
    fn inside(&mut self, node: &Node, key: &str, at: At) -> At {
        let mut at = at;
        let is = |key: &str| get(node, key).is_some();
        let list = |key: &str| get(node, key).is_some_and(|value| value.as_sequence().is_some());
        if !at.in_job && (list("steps") || (is("script") && self.system != System::Azure)) {
            at.in_job = true;
            let given = ["job", "deployment", "name"].iter().find_map(|key| get(node, key)?.as_str());
            let listed = matches!(key, "" | "jobs" | "step" | "steps");
            at.site.job = self.draft.job(given.filter(|_| listed).unwrap_or(key));
        }
        at.site.group = self.draft.group();
        at.site.on_demand |= asked_for(node);
        if get(node, "runs-on").and_then(Node::as_str).is_some_and(|label| label.contains("windows")) {
            at.dialect = Dialect::PowerShell;
        }
        let shell =
            get(node, "defaults").and_then(|defaults| get(get(defaults, "run")?, "shell")).or(get(node, "shell"));
        at.dialect = shell.and_then(Node::as_str).and_then(dialect_of).unwrap_or(at.dialect);
        at
    }

    /// The action, task, pipe or template that a mapping uses.
    fn action(&mut self, node: &Node, at: At) -> Option<usize> {
        let name = ["uses", "task", "pipe", "template"].iter().find_map(|key| get(node, key))?;
        let text = name.as_str()?;
        Some(self.draft.action(text, name.span, at.site))
    }

    /// Reads an entry whose key says what it is; false for any other.
    fn own(&mut self, node: &Node, key: &str, value: &Node, action: Option<usize>, at: At) -> bool {
        match (key, action) {
            ("with" | "secrets" | "inputs" | "parameters" | "variables", Some(action)) => {
                settings::read(value, at.dialect, Holder::Input(action), at.site, self.draft);
                if let Some(script) = ["script", "inlineScript", "Inline"].iter().find_map(|key| get(value, key)) {
                    self.scripts(script, at.dialect, at);
                }
                self.task_uploads(node, value, at);
            }
            ("inputs" | "parameters", None) => settings::defaults(value, at.dialect, at.site, self.draft),
            ("settings", None) if get(node, "image").is_some() => {
                let action =
                    self.draft.action(get(node, "image").and_then(Node::as_str).unwrap_or(""), value.span, at.site);
                settings::read(value, at.dialect, Holder::Input(action), at.site, self.draft);
            }
            // The variables of CodeBuild stand one level further down, beside references to where secrets lie.
            ("env", _) if get(value, "variables").is_some() => self.visit(value, key, at),
            (key, _) if VARIABLES.contains(&key) => {
                let holder = if at.service { Holder::Service } else { Holder::Environment };
                // A group of its own for those of the file and of a job: steps have theirs.
                settings::read(value, at.dialect, holder, at.site, self.draft);
            }
            ("artifacts", _) => self.artifacts(value, at),
            ("store_artifacts", _) => self.upload(get(value, "path").unwrap_or(value), "CircleCI's artifacts", at),
            ("artifact_paths", _) => self.upload(value, "the build's artifacts", at),
            ("publish", _) if self.system == System::Azure => self.upload(value, "a pipeline artifact", at),
            (key, _) if SCRIPTS.contains(&key) && self.is_script(node, value) => {
                let dialect = match key {
                    "pwsh" | "powershell" => Dialect::PowerShell,
                    "bash" | "sh" if at.dialect == Dialect::PowerShell => Dialect::Posix,
                    _ => at.dialect,
                };
                self.scripts(value, dialect, at);
            }
            // Permissions and triggers name no values.
            ("permissions" | "on", _) if self.system == System::GitHub && value.as_mapping().is_none() => {}
            ("permissions" | "id_tokens", _) => {}
            (key, None) if key.contains('/') && value.as_mapping().is_some() && at.in_job => {
                let action = self.draft.action(key, value.span, at.site);
                settings::read(value, at.dialect, Holder::Input(action), at.site, self.draft);
            }
            _ => return false,
        }
        true
    }

    /// Whether a value is a script: a text, or a list of texts and of what is no text (Bitbucket's pipes).
    fn is_script(&self, node: &Node, value: &Node) -> bool {
        let python = get(node, "shell").and_then(Node::as_str).is_some_and(|shell| shell.starts_with("python"));
        !python && value.as_mapping().is_none()
    }

    fn scripts(&mut self, value: &Node, dialect: Dialect, at: At) {
        for script in scripts(self.source, value) {
            commands::read(&script, dialect, at.site, self.draft);
        }
        for item in value.as_sequence().unwrap_or_default().iter().filter(|item| item.as_mapping().is_some()) {
            self.visit(item, "", at);
        }
    }

    /// `artifacts` of GitLab, Bitbucket, CodeBuild and Cloud Build.
    fn artifacts(&mut self, value: &Node, at: At) {
        // GitLab keeps these from everybody but the jobs that follow.
        // https://docs.gitlab.com/ci/yaml/#artifactsaccess
        if get(value, "access").and_then(Node::as_str) == Some("none") {
            return;
        }
        let inner = get(value, "objects").unwrap_or(value);
        let paths = ["paths", "files"].iter().find_map(|key| get(inner, key));
        let paths = paths.or(Some(value).filter(|value| value.as_sequence().is_some()));
        if let Some(paths) = paths {
            self.upload(paths, "the job's artifacts", at);
        }
    }

    /// Inputs of actions and tasks that keep files.
    fn task_uploads(&mut self, node: &Node, with: &Node, at: At) {
        let name = ["uses", "task"].iter().find_map(|key| get(node, key)?.as_str()).unwrap_or("");
        let task = name.split('@').next().unwrap_or("");
        let last = task.rsplit('/').next().unwrap_or("");
        let (input, keeper) = match last {
            "upload-artifact" | "gitea-upload-artifact" => ("path", "the run's artifacts"),
            "upload-pages-artifact" => ("path", "the pages that are published"),
            "action-gh-release" => ("files", "the files of a release"),
            "PublishPipelineArtifact" if get(with, "path").is_some() => ("path", "a pipeline artifact"),
            "PublishPipelineArtifact" => ("targetPath", "a pipeline artifact"),
            "PublishBuildArtifacts" => ("PathtoPublish", "the build's artifacts"),
            _ => return,
        };
        if let Some(path) = get(with, input) {
            self.upload(path, keeper, at);
        }
    }

    fn upload(&mut self, value: &Node, keeper: &str, at: At) {
        for item in value.as_sequence().unwrap_or(std::slice::from_ref(value)) {
            let path = get(item, "path").unwrap_or(item);
            if let Some(script) = scalar::script(self.source, path) {
                self.draft.upload(&script, at.dialect, keeper, at.site);
            }
        }
    }
}

/// Whether a job or step runs only if somebody asks for it: a condition on debugging or on an input, `when: manual`.
fn asked_for(node: &Node) -> bool {
    let condition = ["if", "condition"].iter().find_map(|key| get(node, key)?.as_str()).unwrap_or("");
    let words = ["runner.debug", "inputs.", "workflow_dispatch", "System.Debug", "parameters.", "debug", "DEBUG"];
    words.iter().any(|word| condition.contains(word)) || get(node, "when").and_then(Node::as_str) == Some("manual")
}
