//! What a repository defines of the places its state lives in, as the survey found it.

use super::arns::{Meets, References, meets_bucket, meets_table, start_of_name};
use super::survey;
use super::wanted::Wanted;
use crate::finding::{Confidence, Finding, Level, Place};
use crate::resolve::{Backend, ModuleId, Program, Tree, Value};
use crate::rules::backends::site::is_demonstration;
use crate::rules::{iam, module_name};
use crate::text::RepoPath;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

/// The buckets and tables that backends use, where resources of the repository make them, and the policies beside.
#[derive(Debug, Default)]
pub struct Stores {
    /// Buckets, and Azure's storage accounts.
    pub buckets: Vec<Bucket>,
    /// Lock tables.
    pub tables: Vec<Table>,
    /// Policies that may name them.
    pub policies: Vec<Policy>,
    /// Names of S3's buckets that hold state, defined here or not.
    pub s3_buckets: BTreeSet<String>,
    /// Names of lock tables, defined here or not.
    pub lock_tables: BTreeSet<String>,
    /// Azure's containers that hold state, by account and name.
    pub containers: BTreeSet<(String, String)>,
}

/// The tree under a root module.
pub type GrowTree<'a, 'r> = &'a (dyn Fn(ModuleId) -> Tree<'r> + Sync);

impl Stores {
    /// What the modules under `starts` define for these backends.
    pub fn find<'r>(
        program: &'r Program<'r>,
        backends: &[Backend],
        starts: &[ModuleId],
        tree: GrowTree<'_, 'r>,
    ) -> Self {
        survey::stores(program, &Wanted::of(backends), starts, tree)
    }
}

/// A store that holds state, met by a pattern of ARNs.
pub(super) struct Met<'s> {
    /// The bucket's or table's name.
    pub(super) name: &'s str,
    /// How it is met.
    pub(super) meets: Meets,
}

/// Names that one pattern is held against, at most.
const MAX_NAMES: usize = 64;
/// Resources that configure one bucket, at most.
const MAX_PARTS: usize = 256;

impl Stores {
    /// The first bucket of S3 that a pattern meets.
    pub(super) fn bucket_met(&self, pattern: &str) -> Option<Met<'_>> {
        met(&self.s3_buckets, pattern, meets_bucket)
    }

    /// The first lock table that a pattern meets.
    pub(super) fn table_met(&self, pattern: &str) -> Option<Met<'_>> {
        met(&self.lock_tables, pattern, meets_table)
    }
}

fn met<'s>(names: &'s BTreeSet<String>, pattern: &str, meets: fn(&str, &str) -> Meets) -> Option<Met<'s>> {
    let start = start_of_name(pattern);
    let candidates = names
        .range::<str, _>((Bound::Included(start), Bound::Unbounded))
        .take_while(|name| name.starts_with(start))
        .take(MAX_NAMES);
    let mut found = candidates.map(|name| Met { name, meets: meets(pattern, name) });
    found.find(|met| met.meets.itself || met.meets.inside)
}

/// A resource, and what it says.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its type.
    pub of_type: String,
    /// Its address.
    pub address: String,
    /// Its header.
    pub header: Place,
    /// The directory of its module.
    pub directory: RepoPath,
    /// Its arguments, and nested blocks as lists of maps.
    pub content: Value,
    /// The policy documents it holds, one for each that it may be.
    pub documents: Vec<iam::Document>,
}

/// A bucket that holds state.
#[derive(Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The backend's argument that names it.
    pub used_at: Place,
    /// The resource that makes it.
    pub own: Part,
    /// Resources that configure it.
    pub parts: Vec<Part>,
    /// Types of resources beside it of which it is not known which bucket they configure.
    pub loose: BTreeSet<String>,
    /// Whether it is handed to a module that is not in the repository.
    pub handed_on: bool,
}

/// A lock table.
#[derive(Debug)]
pub struct Table {
    /// The backend's argument that names it.
    pub used_at: Place,
    /// The resource that makes it.
    pub own: Part,
}

/// A policy that grants access.
#[derive(Debug)]
pub struct Policy {
    /// The resource that holds it.
    pub own: Part,
    /// What the configuration that it stands in calls its buckets and tables.
    pub references: Arc<References>,
    /// Whether that configuration makes a bucket or table that holds state: then what it grants on everything, it grants
    /// on these.
    pub beside: bool,
}

impl Bucket {
    /// Gives it a resource that configures it. Of very many the rest is not looked at.
    pub(super) fn add(&mut self, part: &Part) {
        if self.parts.len() < MAX_PARTS {
            self.parts.push(part.clone());
        } else {
            self.handed_on = true;
        }
    }

    /// The resources of a type that say something of it, itself among them.
    pub(super) fn parts_of<'b>(&'b self, of_type: &str) -> impl Iterator<Item = &'b Part> {
        std::iter::once(&self.own).chain(&self.parts).filter(move |part| part.of_type == of_type)
    }

    /// A finding about it, at the bucket or at the resource that configures it.
    pub(super) fn finding(&self, rule: &'static str, part: &Part, place: Place, message: String) -> Finding {
        part.finding(rule, place, message).related(self.used_at.clone(), "the backend that keeps its state here")
    }

    /// A finding that something is missing, which resources of these types would say. It may yet stand in a resource or a
    /// module of which it is not known what it configures.
    pub(super) fn missing(&self, rule: &'static str, types: &[&str], message: String) -> Finding {
        let finding = self.finding(rule, &self.own, self.own.header.clone(), message);
        if self.handed_on || types.iter().any(|of_type| self.loose.contains(*of_type)) {
            return finding.uncertain(Level::Note, Confidence::Low);
        }
        finding
    }
}

impl Policy {
    /// A finding about one of its statements, which its id or else its number tells from the others.
    pub(super) fn finding(
        &self,
        rule: &'static str,
        (nth, statement): (usize, &iam::Statement),
        message: String,
    ) -> Finding {
        let which = statement.sid.as_deref().map_or_else(|| nth.to_string(), str::to_owned);
        let place = statement.place.clone().unwrap_or_else(|| self.own.header.clone());
        let mut finding = self.own.finding(rule, place, message).attribute(format!("Statement[{which}]"));
        // The statement may stand in a document that the policy only refers to.
        if *statement.address != *self.own.address {
            finding = finding.related(self.own.header.clone(), "the policy that has this statement");
            finding.address = Some(statement.address.to_string());
        }
        finding
    }
}

impl Part {
    /// A finding about it. Nobody's state is kept in what an example makes.
    pub(super) fn finding(&self, rule: &'static str, place: Place, message: String) -> Finding {
        let finding = Finding::new(rule, place, message).address(&self.address).module(module_name(&self.directory));
        match is_demonstration(&self.directory) {
            true => finding.uncertain(Level::Note, Confidence::Low),
            false => finding,
        }
    }
}
