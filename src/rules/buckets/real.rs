//! What keeps state in AWS by the names that backends give it, for who looks at it as it really is.

use super::wanted::{TABLES, names, texts};
use crate::finding::{Place, StateStore, StoreKind};
use crate::resolve::{Backend, Form};
use crate::rules::backends::site::{self, Service};
use crate::rules::module_name;

/// The buckets, lock tables and keys of backends, each once: the first place that names it counts.
pub(in crate::rules) fn stores(backends: &[Backend]) -> Vec<StateStore> {
    let keeps_state = |backend: &&Backend| {
        backend.kind == "s3" && backend.form != Form::Encryption && site::service(backend) == Service::Default
    };
    let mut stores: Vec<StateStore> = backends.iter().filter(keeps_state).flat_map(of_backend).collect();
    stores.sort_by(|one, other| one.place.cmp(&other.place));
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
        .chain(of(StoreKind::Key, texts(backend, "kms_key_id")));
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
