//! Repositories that exist only in a test.

use credlint::document::artifact::{ArtifactFile, HEAD_BYTES, is_artifact};
use credlint::document::{self, Document, Kind, ReadOnDemand, Repository};
use credlint::finding::{
    BucketAnswer, Finding, KeyAnswer, LockAnswer, Place, Reason, StoreAnswer, StoreKind, TableAnswer, TokenVerdict,
    Verification, WorkloadToken,
};
use credlint::policy::settings::{OptionValue, RuleSettings};
use credlint::resolve::{Program, Supplies, find_invocations, named_files};
use credlint::rules::detect::Detectors;
use credlint::rules::{ALL, Answers, Check, Outcome, Plan, Rule, Subject, run, run_live};
use credlint::text::{RepoPath, Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by path.
pub(crate) type Files = BTreeMap<String, String>;

struct InMemory(BTreeMap<RepoPath, Box<[u8]>>);

impl ReadOnDemand for InMemory {
    fn read(&self, path: &RepoPath) -> Option<Box<[u8]>> {
        self.0.get(path).cloned()
    }

    fn exists(&self, path: &RepoPath) -> bool {
        self.0.contains_key(path) || self.0.keys().any(|file| file.is_inside(path))
    }

    fn paths(&self) -> Vec<RepoPath> {
        self.0.keys().cloned().collect()
    }
}

/// A repository of these files.
pub(crate) fn repository(files: &Files) -> Repository {
    // Other texts are kept where a credential may stand in them, or read when something names them.
    let is_kept = |document: &Document| {
        let path = document.path().as_str();
        artifact(path, &files[path]).is_none()
            && (document.kind != Kind::Text || Detectors::default().suspects(document.path(), document.source.bytes()))
    };
    let documents = files.iter().map(|(path, text)| document(path, text)).filter(is_kept);
    let bytes = files.iter().map(|(path, text)| (RepoPath::new(path), text.as_bytes().into()));
    let mut repository = Repository::new(documents.collect(), Box::new(InMemory(bytes.collect())));
    repository.in_git = true;
    repository.artifacts = files.iter().filter_map(|(path, text)| artifact(path, text)).collect();
    repository
}

fn artifact(path: &str, text: &str) -> Option<ArtifactFile> {
    let path = RepoPath::new(path);
    let kind = Kind::of(&path);
    let size = text.len() as u64;
    is_artifact(&path, kind, &text.as_bytes()[..text.len().min(HEAD_BYTES)]).then_some(ArtifactFile {
        path,
        kind,
        tracked: true,
        ignored: false,
        size,
    })
}

fn document(path: &str, text: &str) -> Document {
    let path = RepoPath::new(path);
    let kind = Kind::of(&path).with_content(text.as_bytes());
    document::parse(Arc::new(Source::new(path, text.as_bytes())), kind, true, true)
}

/// Runs every rule with the defaults of its options.
struct Defaults(BTreeMap<&'static str, RuleSettings>);

impl Plan for Defaults {
    fn runs(&self, _: &str) -> bool {
        true
    }

    fn settings(&self, rule: &'static str, _: &RepoPath) -> &RuleSettings {
        &self.0[rule]
    }
}

/// A repository of these files, those that commands name read as well.
pub(crate) fn with_named_files(files: &Files) -> Repository {
    let mut repository = repository(files);
    for (path, kind) in named_files(&repository, &find_invocations(&repository)) {
        repository.add_named(&path, kind);
    }
    repository
}

/// What rules make of these files, with some options set, by rule and name.
pub(crate) fn outcome(files: &Files, rules: &[&'static Rule], options: &[Setting]) -> Outcome {
    let repository = with_named_files(files);
    let program = Program::new(&repository, &find_invocations(&repository));
    let supplies = Supplies::new(&repository, find_invocations(&repository), Vec::new());
    let subject = Subject {
        repository: &repository,
        program: &program,
        supplies: &supplies,
        detectors: &Detectors::default(),
        today: TODAY,
    };
    run(&subject, rules, &plan(rules, options))
}

/// A rule, one of its options, and the value it is given.
type Setting = (&'static str, &'static str, OptionValue);

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

fn plan(rules: &[&'static Rule], options: &[Setting]) -> Defaults {
    let mut plan = Defaults(rules.iter().map(|rule| (rule.id, RuleSettings::defaults(rule.options))).collect());
    for (rule, name, value) in options {
        plan.0.get_mut(rule).expect("an option of a rule that runs").set(name, value.clone());
    }
    plan
}

/// What issuers would answer, in an example of a rule about their answers: of every credential the same.
const ANSWERS: &str = "verification.json";

/// What a workload-identity token would be worth, in an example of a rule about such tokens.
const TOKEN: &str = "token.json";

/// What AWS would say of what keeps the state, in an example of a rule about that.
const STORES: &str = "aws.json";

/// What rules about answers find in these files.
fn live(files: &Files, rules: &[&'static Rule], options: &[Setting]) -> Vec<Finding> {
    let mut files = files.clone();
    let answer = files.remove(ANSWERS).map(|text| Arc::new(verification(&text)));
    let token = files.remove(TOKEN).map(|text| token(&text));
    let before: Vec<&'static Rule> = ALL.iter().copied().filter(|rule| !is_only_live(rule)).collect();
    let real: serde_json::Value =
        files.remove(STORES).map(|text| serde_json::from_str(&text).expect("stores as JSON")).unwrap_or_default();
    let before = outcome(&files, &before, &[]);
    let (mut found, mut stores, trusts) = (before.findings, before.stores, before.trusts);
    stores.iter_mut().for_each(|store| store.answer = Some(answer_of(store.kind, &real)));
    let credentials = found.iter_mut().filter_map(|finding| finding.credential.as_mut());
    credentials.for_each(|credential| credential.verification.clone_from(&answer));
    let answers =
        Answers { findings: &found, stores: &stores, trusts: &trusts, tokens: token.as_slice(), today: TODAY };
    run_live(&answers, rules, &plan(rules, options)).findings
}

fn answer_of(kind: StoreKind, real: &serde_json::Value) -> StoreAnswer {
    let (bucket, table, key, lock) = (&real["bucket"], &real["table"], &real["key"], &real["lock"]);
    let policy = |of: &serde_json::Value| {
        let policy = &of["policy"];
        policy.as_str().map(str::to_owned).or_else(|| policy.as_object().map(|_| policy.to_string()))
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let is = |of, part: &serde_json::Value| kind == of && !part.is_null();
    let bucket = is(StoreKind::Bucket, bucket).then(|| BucketAnswer {
        is_versioned: bucket["is_versioned"].as_bool(),
        has_kms: bucket["has_kms"].as_bool(),
        is_blocked: bucket["is_blocked"].as_bool(),
        policy: policy(bucket),
    });
    let has_lock_id = table["has_lock_id"].as_bool();
    let found = has_lock_id.map_or(TableAnswer::Missing, |has_lock_id| TableAnswer::There { has_lock_id });
    let rotates = key["rotates"] == true;
    StoreAnswer {
        bucket: bucket.unwrap_or_default(),
        table: is(StoreKind::LockTable, table).then_some(found),
        key: is(StoreKind::Key, key)
            .then(|| KeyAnswer { arn: key["arn"].as_str().expect("an ARN").to_owned(), rotates }),
        lock: is(StoreKind::LockFile, lock).then(|| LockAnswer {
            arn: text(&lock["arn"]),
            policy: policy(lock),
            operator: text(&lock["operator"]),
            may_write_state: lock["may_write_state"] == true,
            lacks: LockAnswer::ACTIONS.into_iter().filter(|action| lacks(lock, action)).collect(),
        }),
        unknown: Vec::new(),
    }
}

fn lacks(lock: &serde_json::Value, action: &str) -> bool {
    lock["lacks"].as_array().is_some_and(|lacks| lacks.iter().any(|one| one == action))
}

fn token(text: &str) -> WorkloadToken {
    let answer: serde_json::Value = serde_json::from_str(text).expect("a verdict as JSON");
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    let verdict = match text("verdict").as_deref() {
        Some("good") => TokenVerdict::Good { expires_at: None },
        Some("other-key") => TokenVerdict::OtherKey { key: text("key").expect("a key"), signer: text("signer") },
        other => panic!("{other:?} is no verdict"),
    };
    let place = Place::new(&Arc::new(Source::new(RepoPath::new(""), Vec::new())), Span::at(0));
    WorkloadToken { name: "the token".into(), place, issuer: None, verdict }
}

fn verification(text: &str) -> Verification {
    let answer: serde_json::Value = serde_json::from_str(text).expect("a verification as JSON");
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    let time = |name: &str| answer[name].as_str().map(|text| text.parse().expect("a time"));
    let status = text("status").expect("a status");
    let base = match &*status {
        "active" => Verification::active(),
        "inactive" => Verification::inactive(Reason::NotFound),
        "unknown" => Verification::unknown(Reason::Unreachable, "it did not answer"),
        other => panic!("{other} is no status"),
    };
    Verification {
        principal: text("principal"),
        account: text("account"),
        created_at: time("created_at"),
        last_used_at: time("last_used_at"),
        expires_at: time("expires_at"),
        root: answer["root"] == true,
        issuer_version: text("issuer_version"),
        ..base
    }
}

fn is_only_live(rule: &Rule) -> bool {
    rule.check.parts().iter().all(|check| matches!(check, Check::Live(_)))
}

fn is_live(rule: &Rule) -> bool {
    rule.check.parts().iter().any(|check| matches!(check, Check::Live(_)))
}

/// What rules find in these files, each finding once, in the order of their places.
pub(crate) fn findings(files: &Files, rules: &[&'static Rule]) -> Vec<Finding> {
    findings_with(files, rules, &[])
}

/// The same with some options set, by rule and name.
pub(crate) fn findings_with(files: &Files, rules: &[&'static Rule], options: &[Setting]) -> Vec<Finding> {
    let outcome = outcome(files, rules, options);
    assert_eq!(outcome.notifications, [], "nothing failed and nothing was cut");
    let mut found = outcome.findings;
    if rules.iter().any(|rule| is_live(rule)) {
        found.extend(live(files, rules, options));
    }
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found.dedup_by(|a, b| key(a) == key(b));
    found
}

type Key<'f> = (&'f credlint::finding::Place, &'f str, &'f Option<String>, &'f Option<String>);

/// What the report takes for one and the same finding.
fn key(finding: &Finding) -> Key<'_> {
    (&finding.place, finding.rule, &finding.address, &finding.attribute)
}
