//! Numbers as Terraform computes with them, or not at all: a result that a double cannot hold exactly is unknown.
//!
//! Terraform's numbers are binary floats of 512 bits (<https://github.com/zclconf/go-cty/blob/main/docs/types.md>).

use crate::resolve::{Number, Reason};

/// Reads a number as Terraform converts strings to numbers: decimal, with an optional sign, fraction and exponent.
///
/// # Errors
/// [`Reason::Invalid`] for text that is no number; [`Reason::Function`] for one that has more digits than
/// [`Number`] holds.
pub fn parse_number(text: &str) -> Result<Number, Reason> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Terraform also reads infinity and binary exponents.
    if matches!(unsigned, "inf" | "Inf") || (unsigned.starts_with(is_digit) && unsigned.contains(['p', 'P'])) {
        return Err(too_wide());
    }
    let decimal = Decimal::parse(text).ok_or(Reason::Invalid)?;
    if let Some(integer) = decimal.integer() {
        return Ok(Number::Integer(integer));
    }
    let float: f64 = text.parse().map_err(|_| Reason::Invalid)?;
    let shortest = format!("{float}");
    match Decimal::parse(&shortest) {
        Some(back) if back == decimal && float.fract() != 0.0 => Ok(Number::Float(float)),
        _ => Err(too_wide()),
    }
}

/// The number as Terraform writes it: all digits, no exponent.
pub fn number_text(number: Number) -> String {
    match number {
        Number::Integer(integer) => integer.to_string(),
        Number::Float(float) => format!("{float}"),
    }
}

/// The number for a double: an integer if it is whole.
///
/// # Errors
/// [`Reason::Invalid`] for infinities and what is not a number; [`Reason::Function`] for a double too large to stand
/// for its decimal digits.
pub fn from_f64(float: f64) -> Result<Number, Reason> {
    if !float.is_finite() {
        return Err(Reason::Invalid);
    }
    if float.fract() != 0.0 {
        return Ok(Number::Float(float));
    }
    // Beyond 2^126 the cast would come near the edge of i128.
    if float.abs() < 8.5e37 {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within the range, as tested above")]
        return Ok(Number::Integer(float as i128));
    }
    Err(too_wide())
}

/// The number as a double, rounded.
pub fn to_f64(number: Number) -> f64 {
    match number {
        #[expect(clippy::cast_precision_loss, reason = "the caller asks for the nearest double")]
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}

/// Compares by value.
pub fn compare(a: Number, b: Number) -> std::cmp::Ordering {
    match (a, b) {
        (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
        _ => to_f64(a).total_cmp(&to_f64(b)),
    }
}

/// An operator on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`, with the sign of the dividend
    Modulo,
}

/// Computes exactly.
///
/// # Errors
/// [`Reason::Invalid`] for zero divided by zero; [`Reason::Function`] if the result is not exact in [`Number`]: a
/// third, a sum of tenths, more than 127 bits, infinity.
pub fn compute(operator: Arithmetic, a: Number, b: Number) -> Result<Number, Reason> {
    if let (Number::Integer(a), Number::Integer(b)) = (a, b) {
        let exact = match operator {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            Arithmetic::Multiply => a.checked_mul(b),
            Arithmetic::Divide | Arithmetic::Modulo if b == 0 => return by_zero(operator, Number::Integer(a)),
            Arithmetic::Divide if a.checked_rem(b) == Some(0) => a.checked_div(b),
            Arithmetic::Modulo => a.checked_rem(b),
            Arithmetic::Divide => None,
        };
        if let Some(exact) = exact {
            return Ok(Number::Integer(exact));
        }
        if operator != Arithmetic::Divide {
            return Err(too_wide());
        }
    }
    let (x, y) = (to_f64(a), to_f64(b));
    if y == 0.0 && matches!(operator, Arithmetic::Divide | Arithmetic::Modulo) {
        return by_zero(operator, a);
    }
    if !is_short_binary(x) || !is_short_binary(y) {
        return Err(too_wide());
    }
    let result = match operator {
        Arithmetic::Add => x + y,
        Arithmetic::Subtract => x - y,
        Arithmetic::Multiply => x * y,
        Arithmetic::Divide => x / y,
        Arithmetic::Modulo => x % y,
    };
    let exact = is_short_binary(result)
        && match operator {
            Arithmetic::Divide => {
                #[expect(clippy::float_cmp, reason = "the question is whether it is exact")]
                let back = result * y == x;
                back
            }
            _ => true,
        };
    if exact { from_f64(result) } else { Err(too_wide()) }
}

/// Terraform leaves a number alone that is divided by zero with remainder, and makes infinity of it without.
fn by_zero(operator: Arithmetic, dividend: Number) -> Result<Number, Reason> {
    match operator {
        Arithmetic::Modulo => Ok(dividend),
        _ if to_f64(dividend) == 0.0 => Err(Reason::Invalid),
        _ => Err(too_wide()),
    }
}

/// Whether a double is a multiple of 2^-20 below 2^24: sums and products of two such numbers are exact in 53 bits, up
/// to the same test on a product's result.
fn is_short_binary(float: f64) -> bool {
    float.abs() < 16_777_216.0 && (float * 1_048_576.0).fract() == 0.0
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

fn too_wide() -> Reason {
    Reason::Function("number".into())
}

/// Digits without leading and trailing zeros, and the exponent of the last one.
#[derive(PartialEq, Eq)]
struct Decimal<'a> {
    negative: bool,
    digits: std::borrow::Cow<'a, str>,
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], parse_exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let trimmed = digits.trim_end_matches('0');
        let fraction_digits = i64::try_from(fraction.len()).ok()?;
        let dropped = i64::try_from(digits.len() - trimmed.len()).ok()?;
        let significant = trimmed.trim_start_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, digits: "".into(), exponent: 0 });
        }
        let exponent = exponent.checked_sub(fraction_digits)?.checked_add(dropped)?;
        Some(Self { negative, digits: significant.to_owned().into(), exponent })
    }

    fn integer(&self) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        // No integer of 128 bits has more than 39 digits.
        let zeros = u32::try_from(self.exponent).ok().filter(|zeros| *zeros <= 38)?;
        if self.digits.len() > 39 {
            return None;
        }
        let value = self.digits.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(zeros)?)?;
        Some(if self.negative { -value } else { value })
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        for (text, expected) in
            [("1e3", "1000"), ("1.50", "1.5"), (".5", "0.5"), ("5.", "5"), ("-010", "-10"), ("+5", "5"), ("0.1", "0.1")]
        {
            assert_eq!(parse_number(text).map(number_text), Ok(expected.to_owned()), "{text}");
        }
        assert_eq!(parse_number("1e30").map(number_text), Ok("1000000000000000000000000000000".to_owned()));
        assert_eq!(parse_number("1.5e-10").map(number_text), Ok("0.00000000015".to_owned()));
        for text in ["", "0x10", " 1", "1_0", ".", "1e", "--1", "1 "] {
            assert_eq!(parse_number(text), Err(Reason::Invalid), "{text}");
        }
        for text in ["1e100", "0.12345678901234567890123", "1e999999999"] {
            assert_eq!(parse_number(text), Err(too_wide()), "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact_or_unknown() {
        let number = |text| parse_number(text).unwrap();
        assert_eq!(compute(Arithmetic::Divide, number("7"), number("2")), Ok(Number::Float(3.5)));
        assert_eq!(compute(Arithmetic::Divide, number("1"), number("3")), Err(too_wide()));
        assert_eq!(compute(Arithmetic::Divide, number("1"), number("0")), Err(too_wide()));
        assert_eq!(compute(Arithmetic::Divide, number("0"), number("0")), Err(Reason::Invalid));
        assert_eq!(compute(Arithmetic::Add, number("0.1"), number("0.2")), Err(too_wide()));
        assert_eq!(compute(Arithmetic::Modulo, number("-7"), number("2")), Ok(Number::Integer(-1)));
        assert_eq!(compute(Arithmetic::Multiply, Number::Integer(i128::MAX), Number::Integer(2)), Err(too_wide()));
    }
}
