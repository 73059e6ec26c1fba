//! What resources say of one setting of a bucket.

use super::stores::{Bucket, Part};
use crate::finding::{Finding, Place};
use crate::resolve::{Kind, Value};

/// A setting, by the types of resources that have it and the path in each.
pub(super) type Setting = [(&'static str, &'static str)];

/// What is said of a setting.
pub(super) enum Said<'b> {
    /// It is as it should be.
    Well,
    /// It is not known.
    Open,
    /// It is otherwise: by that resource, at that place.
    Otherwise(&'b Part, Place),
    /// Nothing is said of it.
    Nothing,
}

/// What is said of a setting; `is_well` judges known values.
pub(super) fn said<'b>(bucket: &'b Bucket, setting: &Setting, is_well: &dyn Fn(&Value) -> bool) -> Said<'b> {
    let mut most = Said::Nothing;
    for (of_type, path) in setting {
        for part in bucket.parts_of(of_type) {
            let one = said_by(part, path, is_well);
            if rank(&one) > rank(&most) {
                most = one;
            }
        }
    }
    most
}

/// The finding that a setting is not as it should be; None where it is, where that is not known, and for a kind of
/// bucket that has no such setting. `message` is told whether anything is said of it.
pub(super) fn unmet(
    rule: &'static str,
    bucket: &Bucket,
    setting: &Setting,
    is_well: &dyn Fn(&Value) -> bool,
    message: &dyn Fn(bool) -> String,
) -> Option<Finding> {
    if !setting.iter().any(|(of_type, _)| *of_type == bucket.own.of_type) {
        return None;
    }
    match said(bucket, setting, is_well) {
        Said::Well | Said::Open => None,
        Said::Otherwise(part, place) => Some(bucket.finding(rule, part, place, message(true))),
        Said::Nothing => {
            let types: Vec<&str> = setting.iter().map(|(of_type, _)| *of_type).collect();
            Some(bucket.missing(rule, &types, message(false)))
        }
    }
}

/// Of several resources the one that is most in favour counts.
fn rank(said: &Said<'_>) -> u8 {
    match said {
        Said::Nothing => 0,
        Said::Otherwise(..) => 1,
        Said::Open => 2,
        Said::Well => 3,
    }
}

/// What one resource says at a path.
pub(super) fn said_by<'b>(part: &'b Part, path: &str, is_well: &dyn Fn(&Value) -> bool) -> Said<'b> {
    let values = part.content.at(path).into_iter().flat_map(Value::alternatives);
    let values: Vec<&Value> = values.filter(|value| !value.is_null()).collect();
    if values.iter().any(|value| matches!(value.kind, Kind::Unknown(_) | Kind::Partial(_))) || hides(part, path) {
        return Said::Open;
    }
    match (values.iter().all(|value| is_well(value)), values.iter().find(|value| !is_well(value))) {
        _ if values.is_empty() => Said::Nothing,
        (true, _) => Said::Well,
        // Some of several: which one counts is not known.
        (_, Some(_)) if values.iter().any(|value| is_well(value)) => Said::Open,
        (_, Some(value)) => Said::Otherwise(part, place_of(value, part)),
        _ => Said::Nothing,
    }
}

/// Whether something on the path is not known as a whole.
fn hides(part: &Part, path: &str) -> bool {
    let ends = path.match_indices('.').map(|(at, _)| &path[..at]);
    ends.into_iter().any(|start| {
        let values = part.content.at(start);
        values.iter().flat_map(|value| value.alternatives()).any(Value::is_unknown)
    })
}

/// Where a value is to be changed, if that is in the resource's own file; else the resource.
pub(super) fn place_of(value: &Value, part: &Part) -> Place {
    let literal = value.origin.literal.clone().or_else(|| value.origin.trace.as_ref().map(|step| step.place.clone()));
    literal.filter(|place| place.path() == part.header.path()).unwrap_or_else(|| part.header.clone())
}
