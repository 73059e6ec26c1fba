//! Who may exchange a token for one of Google's: providers of workload identity pools, and who is bound to roles.
//!
//! <https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines>

use super::Reach;
use super::expression::who_meets;
use super::issuers::{Issuer, issuer_of};
use super::report::{Trust as Told, module_of, place_of, report};
use crate::finding::{Confidence, Finding, Level};
use crate::resolve::{Declared, InstanceId, Kind, Reason, Resource, Tree, Value, resources_of};
use crate::rules::ci::oidc_trust_too_broad::RULE;
use crate::rules::{Findings, trace_of};

/// The type of a pool's provider.
pub(in crate::rules::ci) const PROVIDER: &str = "google_iam_workload_identity_pool_provider";

/// Whether resources of that type bind members to roles.
pub(in crate::rules::ci) fn is_binding(kind: &str) -> bool {
    kind.starts_with("google_") && (kind.ends_with("_iam_member") || kind.ends_with("_iam_binding"))
}

/// A provider that takes tokens of a CI system.
struct Trust {
    /// The CI system.
    issuer: &'static Issuer,
    /// Whom it takes tokens of.
    reach: Reach,
    /// The condition that lets them in; None if there is none.
    by: Option<Value>,
    /// Whether the condition is surely this one.
    sure: bool,
}

/// What a pool's provider takes tokens of; None of one that takes none of a CI system.
fn trust(provider: &Resource<'_>) -> Option<Trust> {
    let oidc = provider.argument("oidc")?;
    let issuer = oidc.at("issuer_uri").into_iter().find_map(|url| issuer_of(url.as_str()?))?;
    if provider.argument("disabled").is_some_and(|disabled| disabled.as_bool() == Some(true)) {
        return None;
    }
    let mapping = provider.argument("attribute_mapping");
    let claim_of = |name: &str| claim_of(mapping.as_ref(), name);
    let condition = provider.argument("attribute_condition");
    let is_none = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    let conditions = condition.as_ref().map_or(&[][..], Value::alternatives);
    let met = conditions.iter().map(|one| match one {
        one if is_none(one) => (issuer.everybody(), one),
        one => (who_meets(issuer, one, &claim_of).min(issuer.everybody()), one),
    });
    let widest = met.max_by_key(|(reach, _)| *reach);
    let (reach, by) = widest.map_or((issuer.everybody(), None), |(reach, by)| (reach, Some(by.clone())));
    Some(Trust { issuer, reach, by, sure: conditions.len() <= 1 })
}

/// The claim that a name in a condition stands for, through the provider's attribute mapping.
fn claim_of(mapping: Option<&Value>, name: &str) -> Option<String> {
    if let Some(claim) = name.strip_prefix("assertion.") {
        return Some(claim.to_owned());
    }
    let mapped = mapping?.as_map()?.get(name)?.as_str()?;
    let claim = mapped.strip_prefix("assertion.")?;
    claim.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| claim.to_owned())
}

/// A binding of a role to every identity of a pool.
struct Binding {
    /// The member.
    member: Value,
    /// Who that is; None if the pool's providers are not in the repository.
    reach: Option<Reach>,
}

/// The members of a binding that stand for every identity of a pool.
fn bindings(binding: &Resource<'_>) -> Vec<Binding> {
    let members = ["member", "members"].into_iter().filter_map(|name| binding.argument(name));
    let mut found = Vec::new();
    for value in members.flat_map(|value| strings(&value)) {
        if let Some(pool) = whole_pool(&value) {
            let reach = providers_of(binding.tree, &pool).max();
            found.push(Binding { member: value, reach });
        }
    }
    found
}

fn strings(value: &Value) -> Vec<Value> {
    let alternatives = value.alternatives().iter();
    alternatives.flat_map(|one| one.as_list().unwrap_or(std::slice::from_ref(one)).to_vec()).collect()
}

/// How a pool is named: by the resource's address, or by its id.
#[derive(PartialEq)]
enum Pool {
    Address(String),
    Id(String),
}

/// The pool of which a member is every identity.
fn whole_pool(member: &Value) -> Option<Pool> {
    const SET: &str = "principalSet://";
    match &member.kind {
        Kind::String(text) => {
            let (_, rest) = text.strip_prefix(SET)?.split_once("/workloadIdentityPools/")?;
            Some(Pool::Id(rest.strip_suffix("/*")?.to_owned()))
        }
        Kind::Partial(parts) => {
            let [first, .., last] = &**parts else { return None };
            if !first.as_str()?.starts_with(SET) {
                return None;
            }
            let last = last.as_str()?.strip_suffix("/*")?;
            if let Some((_, id)) = last.split_once("/workloadIdentityPools/") {
                return Some(Pool::Id(id.to_owned()));
            }
            let address = parts.iter().rev().find_map(address_of).filter(|_| last.is_empty());
            Some(Pool::Address(address?.to_owned()))
        }
        _ => None,
    }
}

fn address_of(value: &Value) -> Option<&str> {
    match &value.kind {
        Kind::Unknown(Reason::Resource { address, .. }) => Some(address),
        _ => None,
    }
}

/// Whom the providers of a pool take tokens of, as far as they are in the tree.
fn providers_of<'t>(tree: &'t Tree<'t>, pool: &'t Pool) -> impl Iterator<Item = Reach> {
    let has_any = |instance: &InstanceId| {
        let is_provider = |declared: &Declared<'_>| declared.label(0) == PROVIDER;
        tree.module(*instance).resources.values().any(is_provider)
    };
    let instances = (0..tree.instances.len()).filter(has_any);
    let providers = instances.flat_map(move |instance| resources_of(tree, instance));
    let of_pool = providers.filter(move |resource| {
        resource.kind == PROVIDER
            && resource.argument("workload_identity_pool_id").is_some_and(|id| {
                let by_address = address_of(&id).is_some_and(|address| *pool == Pool::Address(address.to_owned()));
                by_address || id.as_str().is_some_and(|id| *pool == Pool::Id(id.to_owned()))
            })
    });
    of_pool.map(|provider| trust(&provider).map_or(Reach::Unknown, |trust| trust.reach))
}

/// Reports a provider of a pool that takes anybody's tokens.
pub(in crate::rules::ci) fn judge_provider(resource: &Resource<'_>, findings: &mut Findings) {
    let Some(found) = trust(resource) else { return };
    // Which repository of an organisation may do what is for the bindings of roles to say.
    if found.reach <= Reach::Organisation {
        return;
    }
    let by = found.by.as_ref();
    report(
        &Told {
            issuer: found.issuer,
            reach: found.reach,
            by,
            sure: found.sure,
            place: place_of(resource, by),
            address: resource.address(),
            attribute: "attribute_condition",
            module: module_of(resource),
            what: "sign in to the pool",
            remedy: format!(
                "ask for a claim that only your own have: attribute_condition = \"assertion.sub == '{}'\", or by the \
                 organisation's id",
                found.issuer.example
            ),
        },
        findings,
    );
}

/// Reports bindings of a role to every identity of a pool.
pub(in crate::rules::ci) fn judge_bindings(resource: &Resource<'_>, findings: &mut Findings) {
    for binding in bindings(resource) {
        // Of a pool that lets anyone in, its provider is told of.
        let who = match binding.reach {
            None => "every identity of a workload identity pool whose providers are not in the repository",
            Some(Reach::Organisation) => "every workflow that one organisation runs",
            Some(_) => continue,
        };
        let place = place_of(resource, Some(&binding.member));
        let message = format!("the role is bound to {who}, whatever repository asks");
        let mut finding = Finding::new(RULE.id, place.clone(), message)
            .address(resource.address())
            .attribute("member")
            .module(module_of(resource))
            .remedy("bind one repository: principalSet://.../workloadIdentityPools/POOL/attribute.repository/ORG/REPO")
            .uncertain(Level::Warning, Confidence::Medium);
        finding.related = trace_of(&binding.member, &place);
        findings.push(finding);
    }
}
