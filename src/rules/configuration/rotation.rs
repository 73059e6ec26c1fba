//! What replaces a minted credential, or ends it.

use super::minted::is_set;
use crate::resolve::{Kind, Number, Resource, Seek, Spring, Value, inflows, resource_at, written};

/// How a credential is replaced, or ends.
pub(super) enum Rotation {
    /// After so many days; None if that is not known.
    After(Option<f64>),
    /// When somebody changes a value.
    ByHand,
    /// Nothing that can be seen.
    None,
}

/// What the configuration replaces or ends a credential by.
pub(super) fn rotation_of(resource: &Resource<'_>) -> Rotation {
    match expiry(resource) {
        Rotation::None => rotation(resource),
        expiry => expiry,
    }
}

/// Arguments with which a credential expires or is renewed by its provider, whatever the type.
const EXPIRY: [&str; 31] = [
    "days_to_expiry",
    "duration",
    "end_date",
    "end_date_relative",
    "expiration",
    "expiration_date",
    "expiration_ttl",
    "expired_at",
    "expires",
    "expires_at",
    "expires_in",
    "expires_on",
    "expiring",
    "expiry",
    "expiry_date",
    "expiry_time",
    "explicit_max_ttl",
    "lifetime",
    "lifetime_seconds",
    "min_days_for_renewal",
    "not_after",
    "renew_after",
    "rotation_configuration",
    "rotation_period",
    "rotation_schedule",
    "seconds_to_live",
    "secret_expires_after_hours",
    "ttl",
    "valid_until",
    "validity_period_hours",
    "wrapping_ttl",
];

/// The expiry that the resource itself has.
fn expiry(resource: &Resource<'_>) -> Rotation {
    let set = EXPIRY.iter().filter(|name| resource.declared.has(name) && is_set(resource, name));
    let days = set.map(|name| resource.argument(name).and_then(|value| days_of(name, &value)));
    // Of several the soonest counts; one that is not known may be as soon as any.
    let soonest = days.reduce(|one, other| Some(one?.min(other?)));
    soonest.map_or(Rotation::None, Rotation::After)
}

/// How many days a duration has: by its unit (`2160h`), else by the argument's name.
fn days_of(name: &str, value: &Value) -> Option<f64> {
    let text = match &value.kind {
        Kind::Number(number) => return Some(as_float(*number) / per_day(name)?),
        Kind::String(text) => text.trim(),
        _ => return None,
    };
    if let Ok(number) = text.parse::<f64>() {
        return Some(number / per_day(name)?);
    }
    let (number, per_day) = match text.char_indices().next_back()? {
        (at, 'h') => (&text[..at], 24.0),
        (at, 'm') => (&text[..at], 1440.0),
        (at, 's') => (&text[..at], 86400.0),
        (at, 'd') => (&text[..at], 1.0),
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number / per_day)
}

/// How many of a number's units a day has, where the argument's name tells.
fn per_day(name: &str) -> Option<f64> {
    let units = [("seconds", 86400.0), ("hours", 24.0), ("days", 1.0)];
    units.into_iter().find(|(unit, _)| name.contains(unit)).map(|(_, per_day)| per_day)
}

fn as_float(number: Number) -> f64 {
    match number {
        #[expect(clippy::cast_precision_loss, reason = "durations are few")]
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}

/// Arguments whose change replaces a resource, and nothing else.
const TRIGGERS: [&str; 5] =
    ["keepers", "lifecycle.replace_triggered_by", "rotate_when_changed", "triggers", "triggers_replace"];

/// Resources that are followed from one trigger to the next.
const MAX_CHAIN: usize = 4;

/// What the configuration replaces it by.
fn rotation(resource: &Resource<'_>) -> Rotation {
    let mut by_hand = false;
    let mut soonest: Option<Option<f64>> = None;
    for argument in written(&resource.declared) {
        let is_trigger = TRIGGERS.contains(&argument.path.split('.').next().unwrap_or(""))
            || TRIGGERS.contains(&argument.path.as_str());
        by_hand |= is_trigger;
        for inflow in inflows(resource.tree, resource.instance, &resource.declared, &argument, Seek::References) {
            let Spring::Resource { address, .. } = &inflow.spring else { continue };
            let chain = if is_trigger { MAX_CHAIN } else { 1 };
            if let Some(days) = rotated_by(resource, address, chain) {
                soonest = Some(match soonest {
                    Some(known) => known.zip(days).map(|(one, other)| one.min(other)),
                    None => days,
                });
            }
        }
    }
    match soonest {
        Some(days) => Rotation::After(days),
        None if by_hand => Rotation::ByHand,
        None => Rotation::None,
    }
}

/// After how many days a `time_rotating` changes what is called so, itself or through what triggers it; the inner None
/// where that is not known.
fn rotated_by(beside: &Resource<'_>, address: &str, chain: usize) -> Option<Option<f64>> {
    if chain == 0 {
        return None;
    }
    let found = resource_at(beside.tree, address)?;
    if found.kind == "time_rotating" {
        return Some(period(&found));
    }
    let arguments = written(&found.declared);
    let inflows =
        arguments.iter().flat_map(|one| inflows(found.tree, found.instance, &found.declared, one, Seek::References));
    let springs: Vec<String> = inflows
        .filter_map(|inflow| match inflow.spring {
            Spring::Resource { address, .. } => Some(address),
            Spring::Literal { .. } | Spring::Variable { .. } => None,
        })
        .take(MAX_SPRINGS)
        .collect();
    springs.iter().filter(|spring| *spring != address).find_map(|spring| rotated_by(&found, spring, chain - 1))
}

/// References of one trigger that are followed.
const MAX_SPRINGS: usize = 8;

/// Days between two rotations.
///
/// <https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/rotating>
fn period(rotating: &Resource<'_>) -> Option<f64> {
    let units = [
        ("rotation_minutes", 1.0 / 1440.0),
        ("rotation_hours", 1.0 / 24.0),
        ("rotation_days", 1.0),
        ("rotation_months", 30.0),
        ("rotation_years", 365.0),
    ];
    let of_unit = |(name, days): (&str, f64)| match rotating.argument(name)?.kind {
        Kind::Number(number) => Some(as_float(number) * days),
        _ => None,
    };
    units.into_iter().filter_map(of_unit).reduce(f64::min)
}
