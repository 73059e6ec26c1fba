//! Numbers as `format` writes them.

use super::format::Verb;
use crate::resolve::functions::convert::{number_text, to_f64};
use crate::resolve::{Number, Reason};

/// `%b %d %o %x %X`: whole numbers only.
pub(super) fn integer(verb: &Verb, number: Number) -> Result<String, Reason> {
    let Number::Integer(integer) = number else { return Err(Reason::Invalid) };
    let size = integer.unsigned_abs();
    let mut digits = match verb.letter {
        b'b' => format!("{size:b}"),
        b'o' => format!("{size:o}"),
        b'x' => format!("{size:x}"),
        b'X' => format!("{size:X}"),
        _ => size.to_string(),
    };
    if let Some(precision) = verb.precision {
        if precision == 0 && size == 0 {
            digits.clear();
        }
        digits.insert_str(0, &"0".repeat(precision.saturating_sub(digits.len())));
    }
    let prefix = match (verb.sharp, verb.letter) {
        (true, b'b') => "0b",
        (true, b'o') => "0",
        (true, b'x') => "0x",
        (true, b'X') => "0X",
        _ => "",
    };
    let zeros = verb.precision.is_none();
    Ok(padded(verb, &format!("{}{prefix}", sign(verb, integer < 0)), &digits, zeros))
}

/// `%e %E %f %g %G`. None where the digits are not certain: the last one lies exactly between two.
pub(super) fn float(verb: &Verb, number: Number) -> Option<String> {
    let decimal = Decimal::of(number);
    let body = match verb.letter {
        b'f' => {
            let places = verb.precision.unwrap_or(6);
            decimal.rounded(decimal.point.saturating_add_unsigned(places), number)?.fixed(places)
        }
        b'g' | b'G' => match verb.precision {
            None => decimal.general(None),
            Some(precision) => {
                let precision = precision.max(1);
                decimal.rounded(isize::try_from(precision).ok()?, number)?.general(Some(precision))
            }
        },
        _ => {
            let places = verb.precision.unwrap_or(6);
            decimal.rounded(isize::try_from(places).ok()? + 1, number)?.scientific(places)
        }
    };
    let body = if matches!(verb.letter, b'E' | b'G') { body.to_uppercase() } else { body };
    Some(padded(verb, sign(verb, to_f64(number) < 0.0), &body, true))
}

/// `%v` of a number: like `%g`.
pub(super) fn shortest(number: Number) -> String {
    let sign = if to_f64(number) < 0.0 { "-" } else { "" };
    format!("{sign}{}", Decimal::of(number).general(None))
}

fn sign(verb: &Verb, negative: bool) -> &'static str {
    match () {
        () if negative => "-",
        () if verb.plus => "+",
        () if verb.space => " ",
        () => "",
    }
}

fn padded(verb: &Verb, sign: &str, body: &str, zeros: bool) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + body.len());
    match () {
        () if verb.minus => format!("{sign}{body}{}", " ".repeat(missing)),
        () if verb.zero && zeros => format!("{sign}{}{body}", "0".repeat(missing)),
        () => format!("{}{sign}{body}", " ".repeat(missing)),
    }
}

/// The digits of a number without sign: 0.DIGITS times ten to the power of `point`. Zero has no digits.
struct Decimal {
    digits: String,
    point: isize,
}

impl Decimal {
    fn of(number: Number) -> Self {
        let text = number_text(number);
        let text = text.trim_start_matches('-');
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let leading = all.len() - significant.len();
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { digits, point: 0 };
        }
        Self { digits, point: whole.len().cast_signed() - leading.cast_signed() }
    }

    /// Rounded to so many digits. Terraform's binary number may lie on either side of a decimal tie, unless it is
    /// held exactly: then the even digit wins.
    fn rounded(&self, count: isize, number: Number) -> Option<Self> {
        let Ok(count) = usize::try_from(count) else {
            return Some(Self { digits: String::new(), point: self.point });
        };
        if count >= self.digits.len() {
            return Some(Self { digits: self.digits.clone(), point: self.point });
        }
        let (kept, dropped) = self.digits.split_at(count);
        let up = match dropped.as_bytes() {
            [b'5'] => {
                let exact = match number {
                    Number::Integer(_) => true,
                    Number::Float(float) => (float * 1_048_576.0).fract() == 0.0,
                };
                if !exact {
                    return None;
                }
                kept.bytes().last().is_some_and(|digit| (digit - b'0') % 2 == 1)
            }
            [first, ..] => *first >= b'5',
            [] => false,
        };
        let mut digits = kept.as_bytes().to_vec();
        let mut point = self.point;
        if up {
            while digits.last() == Some(&b'9') {
                digits.pop();
            }
            match digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    digits.push(b'1');
                    point += 1;
                }
            }
        }
        let digits: String = digits.into_iter().map(char::from).collect();
        Some(Self { digits: digits.trim_end_matches('0').to_owned(), point })
    }

    fn digit(&self, index: isize) -> char {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.digits.as_bytes().get(index))
            .map_or('0', |byte| *byte as char)
    }

    fn fixed(&self, places: usize) -> String {
        let mut text = String::new();
        if self.point <= 0 {
            text.push('0');
        }
        for index in 0..self.point {
            text.push(self.digit(index));
        }
        if places > 0 {
            text.push('.');
            for place in 0..places.cast_signed() {
                text.push(self.digit(self.point + place));
            }
        }
        text
    }

    fn scientific(&self, places: usize) -> String {
        let mut text = String::from(self.digit(0));
        if places > 0 {
            text.push('.');
            for place in 1..=places.cast_signed() {
                text.push(self.digit(place));
            }
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.unsigned_abs())
    }

    fn general(&self, precision: Option<usize>) -> String {
        let count = self.digits.len();
        let limit = match precision {
            None => 6,
            Some(precision) if precision > count && count.cast_signed() >= self.point => count,
            Some(precision) => precision,
        };
        let exponent = self.point - 1;
        if exponent < -4 || exponent >= limit.cast_signed() {
            let places = precision.map_or(count, |precision| precision.min(count)).saturating_sub(1);
            return self.scientific(places);
        }
        self.fixed(usize::try_from(count.cast_signed() - self.point).unwrap_or(0))
    }
}
