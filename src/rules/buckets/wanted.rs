//! What backends keep the state in, by name: the buckets and lock tables that are looked for.

use crate::finding::Place;
use crate::resolve::{Backend, Form, Value};
use crate::rules::backends::site::{self, Service};
use crate::rules::secret::is_placeholder;
use std::collections::{BTreeMap, BTreeSet};

/// The names, each with the first place that uses it.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Buckets of S3 and GCS and Azure's storage accounts, by the resource type that makes them.
    pub(super) buckets: BTreeMap<(&'static str, String), Place>,
    /// Azure's containers, by account and name.
    pub(super) containers: BTreeSet<(String, String)>,
    /// Lock tables.
    pub(super) tables: BTreeMap<String, Place>,
}

/// Backends, the argument that names the bucket, and the type of resource that makes it.
const BUCKETS: [(&str, &str, &str); 3] = [
    ("s3", "bucket", "aws_s3_bucket"),
    ("gcs", "bucket", "google_storage_bucket"),
    ("azurerm", "storage_account_name", "azurerm_storage_account"),
];

/// Arguments that name the lock table. <https://developer.hashicorp.com/terraform/language/backend/s3>
pub(super) const TABLES: [&str; 2] = ["dynamodb_table", "lock_table"];

impl Wanted {
    /// What these backends use. Emulators on a developer's machine are left out.
    pub(super) fn of(backends: &[Backend]) -> Self {
        let mut wanted = Self::default();
        let keep_state = |backend: &&Backend| backend.form != Form::Encryption;
        for backend in backends.iter().filter(keep_state) {
            let Some((_, argument, made_by)) = BUCKETS.iter().find(|(kind, ..)| *kind == backend.kind) else {
                continue;
            };
            let buckets = names(backend, argument);
            if buckets.is_empty() || site::service(backend) == Service::Local {
                continue;
            }
            for (name, place) in buckets {
                for (container, _) in names(backend, "container_name") {
                    wanted.containers.insert((name.clone(), container));
                }
                add(&mut wanted.buckets, (made_by, name), place);
            }
            if *made_by == "aws_s3_bucket" {
                for (name, place) in TABLES.iter().flat_map(|argument| names(backend, argument)) {
                    add(&mut wanted.tables, name, place);
                }
            }
        }
        wanted
    }

    /// Whether a resource of that type and name holds state, and where that is said.
    pub(super) fn bucket(&self, made_by: &'static str, name: &str) -> Option<&Place> {
        self.buckets.get(&(made_by, name.to_owned()))
    }

    /// Names of S3's buckets.
    pub(super) fn s3_buckets(&self) -> impl Iterator<Item = &str> {
        self.buckets.keys().filter(|(made_by, _)| *made_by == "aws_s3_bucket").map(|(_, name)| name.as_str())
    }
}

/// Of several backends the first one in the order of files counts, whatever order they are found in.
fn add<K: Ord>(uses: &mut BTreeMap<K, Place>, name: K, place: Place) {
    let known = uses.entry(name).or_insert_with(|| place.clone());
    if place < *known {
        *known = place;
    }
}

/// The names that an argument gives, and where each is written.
pub(super) fn names(backend: &Backend, argument: &str) -> Vec<(String, Place)> {
    texts(backend, argument).into_iter().map(|(text, place)| (bare(&text).to_owned(), place)).collect()
}

/// The known texts of an argument, and where each is written.
pub(super) fn texts(backend: &Backend, argument: &str) -> Vec<(String, Place)> {
    let known = |value: &Value| {
        let text = value.as_str().filter(|text| !text.is_empty() && !is_placeholder(text))?;
        Some((text.to_owned(), site::place_of(value, backend)))
    };
    backend.values(argument).into_iter().filter_map(|(value, _)| known(value)).collect()
}

/// A table may be named by its ARN.
fn bare(name: &str) -> &str {
    match name.strip_prefix("arn:") {
        Some(arn) => arn.rsplit(['/', ':']).next().unwrap_or(arn),
        None => name,
    }
}
