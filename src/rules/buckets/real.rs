//! What keeps state in AWS, by the names that backends give it, for who looks at it as it really is.

use super::wanted::{TABLES, names, texts};
use crate::finding::{Place, StateStore, StoreKind};
use crate::resolve::{Backend, Form};
use crate::rules::backends::site::{self, Service};
use crate::rules::module_name;

/// Where the states of other workspaces are: <https://developer.hashicorp.com/terraform/language/backend/s3>
const WORKSPACES: &str = "workspace_key_prefix";

/// The buckets, lock tables, keys and lock files of backends, in this order, each once: the first place that names it
/// counts.
pub(in crate::rules) fn stores(backends: &[Backend]) -> Vec<StateStore> {
    let keeps_state = |backend: &&Backend| {
        backend.kind == "s3" && backend.form != Form::Encryption && site::service(backend) == Service::Default
    };
    let mut stores: Vec<StateStore> = backends.iter().filter(keeps_state).flat_map(of_backend).collect();
    stores.sort_by(|one, other| (one.kind, &one.place).cmp(&(other.kind, &other.place)));
    let mut seen = std::collections::BTreeSet::new();
    stores.retain(|store| seen.insert((store.kind, store.name.clone(), store.region.clone())));
    stores
}

fn of_backend(backend: &Backend) -> Vec<StateStore> {
    let (buckets, regions) = (names(backend, "bucket"), names(backend, "region"));
    // Of several buckets or regions it is not known which belongs to which.
    let ([(bucket, _)], [] | [_]) = (buckets.as_slice(), regions.as_slice()) else {
        return Vec::new();
    };
    let region = regions.first().map(|(region, _)| region.clone());
    let of = |kind, found: Vec<(String, Place)>| found.into_iter().map(move |(name, place)| (kind, name, place));
    let tables = TABLES.iter().flat_map(|argument| names(backend, argument)).collect();
    let named = of(StoreKind::Bucket, buckets.clone())
        .chain(of(StoreKind::LockTable, tables))
        .chain(of(StoreKind::Key, texts(backend, "kms_key_id")))
        .chain(of(StoreKind::LockFile, lock_files(backend, bucket)));
    let store = |(kind, name, place)| StateStore {
        kind,
        name,
        bucket: bucket.clone(),
        region: region.clone(),
        place,
        address: backend.address.clone(),
        module: module_name(&backend.module),
        answer: None,
    };
    named.map(store).collect()
}

/// The files that lock the states of a backend, `BUCKET/KEY.tflock`; `*` stands for a workspace, where a prefix for
/// workspaces is given. <https://developer.hashicorp.com/terraform/language/backend/s3#state-locking>
fn lock_files(backend: &Backend, bucket: &str) -> Vec<(String, Place)> {
    let switches = backend.values("use_lockfile");
    let Some((switch, _)) = switches.iter().find(|(value, _)| value.as_bool() == Some(true)) else { return Vec::new() };
    let place = site::place_of(switch, backend);
    let prefixes = texts(backend, WORKSPACES);
    let files = texts(backend, "key").into_iter().flat_map(|(key, _)| {
        let of_workspaces = prefixes.iter().map(|(prefix, _)| format!("{bucket}/{prefix}/*/{key}.tflock"));
        std::iter::once(format!("{bucket}/{key}.tflock")).chain(of_workspaces).collect::<Vec<_>>()
    });
    files.map(|name| (name, place.clone())).collect()
}
