//! From what was asked for to one policy.

use super::builtin::BuiltIn;
use super::discover::{Files, PolicySource};
use super::error::{Errors, PolicyError, PolicyErrors, closest};
use super::gitleaks::Gitleaks;
use super::model::{Origin, Policy, RuleInfo, RuleState, Setting};
use super::read::{self, Names, Parsed, Reader};
use super::settings::RuleSettings;
use crate::finding::Level;
use crate::text::yaml::Node;
use crate::text::{RepoPath, Span};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

/// More files than this are refused.
const MOST_FILES: usize = 256;
/// A longer chain of `extends` is refused.
const LONGEST_CHAIN: usize = 32;

/// Reads the policies that were asked for into one. What comes later counts over what came before: a file over what
/// it extends, the list of `extends` and the sources from first to last. A policy that is met a second time, because
/// two others extend it, does not count again. `recommended` is below all of it, unless one of the policies names a
/// built-in policy or says `extends: []`.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn load(sources: &[PolicySource], rules: &[RuleInfo], files: &dyn Files) -> Result<Policy, PolicyErrors> {
    let mut loader = Loader::new(files);
    for source in sources {
        loader.source(source);
    }
    if !loader.names_base {
        loader.layers.insert(0, Layer::BuiltIn(BuiltIn::Recommended));
    }
    let Loader { layers, mut errors, gitleaks, .. } = loader;
    let policy = Policy { gitleaks, ..merge(&layers, rules, &mut errors) };
    errors.finish(policy)
}

enum Layer {
    BuiltIn(BuiltIn),
    File(Parsed),
}

struct Loader<'a> {
    files: &'a dyn Files,
    layers: Vec<Layer>,
    errors: Errors,
    /// Files met, by path.
    seen: HashSet<String>,
    /// The files whose `extends` is being followed.
    chain: Vec<String>,
    /// Whether a built-in policy is named, or none wanted.
    names_base: bool,
    gitleaks: Gitleaks,
    globs: usize,
}

impl<'a> Loader<'a> {
    fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            layers: Vec::new(),
            errors: Errors::default(),
            seen: HashSet::new(),
            chain: Vec::new(),
            names_base: false,
            gitleaks: Gitleaks::default(),
            globs: 0,
        }
    }

    fn source(&mut self, source: &PolicySource) {
        match source {
            PolicySource::BuiltIn(policy) => self.built_in(*policy),
            PolicySource::File(path) => self.named_file(path),
            PolicySource::Directory(path) => self.directory(path),
        }
    }

    fn built_in(&mut self, policy: BuiltIn) {
        self.names_base = true;
        if !self.layers.iter().any(|layer| matches!(layer, Layer::BuiltIn(known) if *known == policy)) {
            self.layers.push(Layer::BuiltIn(policy));
        }
    }

    fn directory(&mut self, path: &str) {
        let mut names = match self.files.list(path) {
            Ok(names) => names,
            Err(error) => return self.refuse(PolicyError::file(path, unreadable(error.kind()))),
        };
        names.retain(|name| name.ends_with(".yaml") || name.ends_with(".yml"));
        names.sort();
        if names.is_empty() {
            self.refuse(PolicyError::file(path, "the directory holds no policy").hint("policies end in .yaml or .yml"));
        }
        for name in names {
            self.named_file(&format!("{}/{name}", path.trim_end_matches('/')));
        }
    }

    /// A file that the user asked for.
    fn named_file(&mut self, path: &str) {
        if let Err(reason) = self.file(path) {
            let error = PolicyError::file(path, reason);
            let known = BuiltIn::ALL.map(BuiltIn::name);
            self.refuse(match closest(path, known) {
                Some(name) => error.suggest(Some(name)),
                None => error,
            });
        }
    }

    fn refuse(&mut self, error: PolicyError) {
        self.errors.push(self.seen.len(), Span::default(), error);
    }

    /// Takes a file with all that it extends; the reason if it cannot be had at all.
    fn file(&mut self, path: &str) -> Result<(), String> {
        let path = normal(path);
        if self.chain.contains(&path) {
            return Err("extends itself".to_owned());
        }
        if self.chain.len() >= LONGEST_CHAIN {
            return Err(format!("a chain of more than {LONGEST_CHAIN} policies"));
        }
        if self.seen.contains(&path) {
            return Ok(());
        }
        if self.seen.len() >= MOST_FILES {
            return Err(format!("more than {MOST_FILES} policies"));
        }
        let bytes = self.files.read(&path).map_err(|error| unreadable(error.kind()).to_owned())?;
        let nth = self.seen.len();
        self.seen.insert(path.clone());
        let Some(parsed) = Parsed::new(&path, nth, bytes, &mut self.errors) else { return Ok(()) };
        parsed.reader(&mut self.errors, &mut self.globs).check(&parsed.root);
        self.chain.push(path);
        self.extends(&parsed);
        self.chain.pop();
        self.detectors(&parsed);
        self.layers.push(Layer::File(parsed));
        Ok(())
    }

    fn extends(&mut self, parsed: &Parsed) {
        let Some(list) = parsed.root.get("extends") else { return };
        let items = parsed.reader(&mut self.errors, &mut self.globs).list(list, "extends");
        self.names_base |= items.is_empty();
        for (nth, item) in items.iter().enumerate() {
            let key = format!("extends[{nth}]");
            let Some(name) = parsed.reader(&mut self.errors, &mut self.globs).string(item, &key) else { continue };
            if let Some(policy) = BuiltIn::parse(name) {
                self.built_in(policy);
                continue;
            }
            if let Err(reason) = beside(&parsed.file, name).and_then(|path| self.file(&path)) {
                self.cannot_extend(parsed, item, &key, name, reason);
            }
        }
    }

    fn cannot_extend(&mut self, parsed: &Parsed, item: &Node, key: &str, name: &str, reason: String) {
        let known = BuiltIn::ALL.map(BuiltIn::name);
        let mut reader = parsed.reader(&mut self.errors, &mut self.globs);
        reader.error_with(item.span, key, format!("the policy cannot be extended: {reason}"), |error| {
            match closest(name, known) {
                Some(word) => error.suggest(Some(word)),
                None => error.hint("minimal, recommended, strict, or a path relative to this file"),
            }
        });
    }

    /// Takes the gitleaks configurations that a policy names.
    fn detectors(&mut self, parsed: &Parsed) {
        let Some(node) = parsed.root.get("detectors") else { return };
        for (name, node) in read::detectors(&mut parsed.reader(&mut self.errors, &mut self.globs), node) {
            if let Err(reason) = beside(&parsed.file, name).and_then(|path| self.gitleaks(&path)) {
                let message = format!("the file cannot be had: {reason}");
                parsed.reader(&mut self.errors, &mut self.globs).error(node.span, "detectors.gitleaks", message);
            }
        }
    }

    fn gitleaks(&mut self, path: &str) -> Result<(), String> {
        if self.seen.contains(path) {
            return Ok(());
        }
        let bytes = self.files.read(path).map_err(|error| unreadable(error.kind()).to_owned())?;
        if bytes.len() > read::LARGEST {
            return Err("it has more than 1 MiB".to_owned());
        }
        let nth = self.seen.len();
        self.seen.insert(path.to_owned());
        read::gitleaks(path, nth, bytes, &mut self.errors, &mut self.gitleaks);
        Ok(())
    }
}

/// A path without `.`, and with `..` resolved where it can be.
fn normal(path: &str) -> String {
    let relative = RepoPath::new(path);
    if path.starts_with('/') { format!("/{}", relative.as_str()) } else { relative.as_str().to_owned() }
}

/// The path of a file that `file` extends.
fn beside(file: &str, name: &str) -> Result<String, String> {
    if name.contains("://") {
        return Err("it is not a path, and nothing is fetched".to_owned());
    }
    if name.starts_with('/') || name.contains('\\') {
        return Err("the path is not relative to this file, with `/` between its parts".to_owned());
    }
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    let path = normal(&format!("{directory}/{name}"));
    if file.starts_with('/') {
        return Ok(path);
    }
    let path = path.trim_start_matches('/').to_owned();
    // What a repository's own policy names is the repository's own: a change to it must not reach other files.
    if RepoPath::new(&path).escapes_root() && !RepoPath::new(file).escapes_root() {
        return Err("the path leads out of the repository".to_owned());
    }
    Ok(path)
}

fn unreadable(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "there is no such file",
        io::ErrorKind::PermissionDenied => "reading it is not permitted",
        io::ErrorKind::IsADirectory => "it is a directory",
        _ => "it cannot be read",
    }
}

/// Lays the policies over each other.
fn merge(layers: &[Layer], rules: &[RuleInfo], errors: &mut Errors) -> Policy {
    let parsed = || layers.iter().filter_map(|layer| if let Layer::File(parsed) = layer { Some(parsed) } else { None });
    let custom: BTreeSet<String> = parsed().flat_map(|parsed| read::custom_ids(&parsed.root)).collect();
    let names = Names { rules, custom };
    let mut policy = Policy { rules: rules.iter().map(RuleState::off).collect(), ..Policy::default() };
    policy.index = policy.rules.iter().enumerate().map(|(at, state)| (state.id.clone(), at)).collect();
    let mut globs = 0;
    for parsed in parsed() {
        if let Some(node) = parsed.root.get("custom") {
            add_custom(&mut policy, &mut parsed.reader(errors, &mut globs), node, &names);
        }
    }
    for layer in layers {
        match layer {
            Layer::BuiltIn(built_in) => {
                policy.sources.push(Origin::BuiltIn(built_in.name()).to_string());
                for (state, info) in policy.rules.iter_mut().zip(rules) {
                    let level = built_in.level(info.recommended);
                    state.level = Setting { value: level, from: Origin::BuiltIn(built_in.name()) };
                }
            }
            Layer::File(parsed) => {
                policy.sources.push(parsed.file.clone());
                policy.file = Some(parsed.file.clone());
                add_file(&mut policy, &mut parsed.reader(errors, &mut globs), &parsed.root, &names);
            }
        }
    }
    // Only now is known what holds for the whole repository.
    for scoped in policy.scopes.iter_mut().flat_map(|scope| &mut scope.rules) {
        if let Some(at) = policy.index.get(&scoped.id) {
            scoped.resolve(&policy.rules[*at].settings);
        }
    }
    policy
}

fn add_custom(policy: &mut Policy, reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) {
    let defined: HashMap<String, String> =
        policy.custom.iter().map(|rule| (rule.id.clone(), rule.place.shown())).collect();
    let mut here = HashSet::new();
    for (rule, level) in read::custom(reader, node, names) {
        if let Some(place) = defined.get(&rule.id) {
            reader.error(rule.place.span, "custom", format!("`{}` is defined already, at {place}", rule.id));
        } else if !here.insert(rule.id.clone()) {
            reader.error(rule.place.span, "custom", format!("`{}` is defined twice", rule.id));
        } else {
            policy.index.insert(rule.id.clone(), policy.rules.len());
            policy.rules.push(RuleState { level, ..RuleState::named(rule.id.clone()) });
            policy.custom.push(rule);
        }
    }
}

fn add_file(policy: &mut Policy, reader: &mut Reader<'_>, root: &Node, names: &Names<'_>) {
    let entries = root.get("rules").map(|node| read::rules(reader, node, "rules", names, false));
    for entry in entries.unwrap_or_default() {
        let Some(state) = policy.index.get(&entry.id).map(|at| &mut policy.rules[*at]) else { continue };
        if let Some(level) = entry.level {
            state.level = level;
        }
        if let Some(ignorable) = entry.ignorable {
            state.ignorable = ignorable;
        }
        for (spec, setting) in entry.options {
            state.set_option(spec, setting);
        }
    }
    if let Some(node) = root.get("backends") {
        policy.backends.extend(read::backends(reader, node));
    }
    if let Some(node) = root.get("scopes") {
        policy.scopes.extend(read::scopes(reader, node, names));
    }
    if let Some(node) = root.get("exceptions") {
        policy.exceptions.extend(read::exceptions(reader, node, names));
    }
    if let Some(node) = root.get("verify") {
        policy.verify.extend(read::verify(reader, node));
    }
}

impl RuleState {
    /// A rule that nobody has said anything of.
    fn off(info: &RuleInfo) -> Self {
        let options = info.options.iter().map(|spec| (spec, Setting::default(spec.kind.default_value())));
        Self {
            options: options.collect(),
            settings: RuleSettings::defaults(info.options),
            ..Self::named(info.id.to_owned())
        }
    }

    fn named(id: String) -> Self {
        Self {
            id,
            level: Setting::default(Level::Off),
            ignorable: Setting::default(true),
            options: Vec::new(),
            settings: RuleSettings::default(),
        }
    }
}
