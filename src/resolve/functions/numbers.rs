//! Numeric functions.

use super::context::{Call, Outcome, number};
use crate::resolve::functions::convert::{self, Arithmetic};
use crate::resolve::{Number, Reason};
use std::cmp::Ordering;

pub(super) fn abs(call: &Call<'_>) -> Outcome {
    Ok(number(match call.number(0)? {
        Number::Integer(integer) => Number::Integer(integer.checked_abs().ok_or_else(|| call.unsupported())?),
        Number::Float(float) => Number::Float(float.abs()),
    }))
}

pub(super) fn ceil(call: &Call<'_>) -> Outcome {
    rounded(call, f64::ceil)
}

pub(super) fn floor(call: &Call<'_>) -> Outcome {
    rounded(call, f64::floor)
}

fn rounded(call: &Call<'_>, round: fn(f64) -> f64) -> Outcome {
    Ok(number(match call.number(0)? {
        Number::Float(float) => convert::from_f64(round(float))?,
        integer => integer,
    }))
}

pub(super) fn log(call: &Call<'_>) -> Outcome {
    let result = convert::to_f64(call.number(0)?).ln() / convert::to_f64(call.number(1)?).ln();
    Ok(number(convert::from_f64(result)?))
}

pub(super) fn max(call: &Call<'_>) -> Outcome {
    extreme(call, Ordering::Greater)
}

pub(super) fn min(call: &Call<'_>) -> Outcome {
    extreme(call, Ordering::Less)
}

fn extreme(call: &Call<'_>, wanted: Ordering) -> Outcome {
    let mut best = call.number(0)?;
    for index in 1..call.arguments.len() {
        let next = call.number(index)?;
        if convert::compare(next, best) == wanted {
            best = next;
        }
    }
    Ok(number(best))
}

/// Only a string is taken, in a base from 2 to 62. Above base 36 the small letters come before the capital ones.
pub(super) fn parseint(call: &Call<'_>) -> Outcome {
    let text = call.value(0)?.as_str().ok_or(Reason::Invalid)?;
    let base = call.whole(1)?;
    if !(2..=62).contains(&base) {
        return Err(Reason::Invalid);
    }
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() {
        return Err(Reason::Invalid);
    }
    let mut value = Some(0_i128);
    for byte in digits {
        let digit = match byte {
            b'0'..=b'9' => i128::from(byte - b'0'),
            b'a'..=b'z' => i128::from(byte - b'a') + 10,
            b'A'..=b'Z' if base <= 36 => i128::from(byte - b'A') + 10,
            b'A'..=b'Z' => i128::from(byte - b'A') + 36,
            _ => return Err(Reason::Invalid),
        };
        if digit >= i128::from(base) {
            return Err(Reason::Invalid);
        }
        value = value.and_then(|value| value.checked_mul(i128::from(base))?.checked_add(digit));
    }
    let value = value.ok_or_else(|| call.unsupported())?;
    Ok(number(Number::Integer(if negative { -value } else { value })))
}

pub(super) fn pow(call: &Call<'_>) -> Outcome {
    let (base, power) = (convert::to_f64(call.number(0)?), convert::to_f64(call.number(1)?));
    let result = base.powf(power);
    if result.is_nan() {
        return Err(Reason::Invalid);
    }
    // Beyond 2^53 and between whole numbers the last digit depends on the library.
    if result.abs() > 9_007_199_254_740_992.0 || (result.fract() != 0.0 && power < 0.0 && base.abs() != 2.0) {
        return Err(call.unsupported());
    }
    Ok(number(convert::from_f64(result)?))
}

pub(super) fn signum(call: &Call<'_>) -> Outcome {
    Ok(number(Number::Integer(i128::from(call.whole(0)?.signum()))))
}

pub(super) fn sum(call: &Call<'_>) -> Outcome {
    let values = call.list(0)?;
    let mut total: Option<Number> = None;
    for value in values {
        let next = super::context::number_of(value)?;
        total = Some(match total {
            None => next,
            Some(total) => convert::compute(Arithmetic::Add, total, next)?,
        });
    }
    total.map(number).ok_or(Reason::Invalid)
}

/// Terraform makes no more than 1024 elements.
pub(super) fn range(call: &Call<'_>) -> Outcome {
    let zero = Number::Integer(0);
    let (start, end) = match call.arguments.len() {
        1 => (zero, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let step = match call.arguments.len() {
        3 => call.number(2)?,
        _ if convert::compare(end, start) == Ordering::Less => Number::Integer(-1),
        _ => Number::Integer(1),
    };
    let forward = match convert::compare(step, zero) {
        Ordering::Equal => return Err(Reason::Invalid),
        Ordering::Greater => Ordering::Less,
        Ordering::Less => Ordering::Greater,
    };
    if convert::compare(start, end) == forward.reverse() {
        return Err(Reason::Invalid);
    }
    let mut values = Vec::new();
    let mut next = start;
    while convert::compare(next, end) == forward {
        if values.len() >= 1024 {
            return Err(Reason::Invalid);
        }
        values.push(number(next));
        next = convert::compute(Arithmetic::Add, next, step)?;
    }
    call.new_list(values)
}
