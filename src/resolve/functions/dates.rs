//! Timestamps by RFC 3339.

use super::context::{Call, Outcome, number};
use crate::resolve::{Number, Reason};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Timestamp};

/// A timestamp as it is written: local time and its distance from UTC.
struct Moment {
    local: DateTime,
    /// Seconds east of UTC.
    offset: i64,
    /// Whether it is written `Z`.
    utc: bool,
}

impl Moment {
    fn argument(call: &Call<'_>, index: usize) -> Result<Self, Reason> {
        Self::parse(&call.text(index)?).ok_or(Reason::Invalid)
    }

    /// `2006-01-02T15:04:05Z`, with a fraction of seconds or an offset `±15:04`.
    fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if !text.is_ascii() || bytes.len() < 20 || separators.iter().any(|(at, byte)| bytes[*at] != *byte) {
            return None;
        }
        let two = |at: usize| digits(text.get(at..at + 2)?).and_then(|value| i8::try_from(value).ok());
        let date = Date::new(i16::try_from(digits(&text[..4])?).ok()?, two(5)?, two(8)?).ok()?;
        let mut rest = &text[19..];
        let mut nanoseconds = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 || length > 9 {
                return None;
            }
            nanoseconds = digits(&fraction[..length])? * 10_i32.pow(9 - u32::try_from(length).ok()?);
            rest = &fraction[length..];
        }
        let time = Time::new(two(11)?, two(14)?, two(17)?, nanoseconds).ok()?;
        let local = DateTime::from_parts(date, time);
        if rest == "Z" {
            return Some(Self { local, offset: 0, utc: true });
        }
        let bytes = rest.as_bytes();
        if bytes.len() != 6 || bytes[3] != b':' {
            return None;
        }
        let (hours, minutes) = (digits(&rest[1..3])?, digits(&rest[4..])?);
        let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
        let offset = match bytes[0] {
            b'+' => seconds,
            b'-' => -seconds,
            _ => return None,
        };
        (hours <= 23 && minutes <= 59).then_some(Self { local, offset, utc: false })
    }

    fn instant(&self) -> Result<Timestamp, Reason> {
        let utc = self.local.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| Reason::Invalid)?;
        utc.timestamp().checked_sub(SignedDuration::from_secs(self.offset)).map_err(|_| Reason::Invalid)
    }

    /// `±hh:mm`, or with another separator.
    fn offset_text(&self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

pub(super) fn timecmp(call: &Call<'_>) -> Outcome {
    let order = Moment::argument(call, 0)?.instant()?.cmp(&Moment::argument(call, 1)?.instant()?);
    Ok(number(Number::Integer(order as i128)))
}

pub(super) fn timeadd(call: &Call<'_>) -> Outcome {
    let moment = Moment::argument(call, 0)?;
    let duration = duration(call, &call.text(1)?)?;
    let local = moment.local.checked_add(duration).map_err(|_| call.unsupported())?;
    let zone = if moment.offset == 0 { "Z".to_owned() } else { moment.offset_text(":") };
    // Terraform knows years of four digits only.
    if !(0..=9999).contains(&local.year()) {
        return Err(call.unsupported());
    }
    call.made_of(format!("{}{zone}", local.strftime("%Y-%m-%dT%H:%M:%S")), call.value(0)?)
}

/// `1h30m`, `-1.5s`: a sequence of decimal numbers with units, as Go's `time.ParseDuration`.
fn duration(call: &Call<'_>, text: &str) -> Result<SignedDuration, Reason> {
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(Reason::Invalid);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end =
            rest.find(|character: char| !character.is_ascii_digit() && character != '.').ok_or(Reason::Invalid)?;
        let (amount, after) = rest.split_at(end);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        if whole.len() + fraction.len() == 0 || fraction.contains('.') {
            return Err(Reason::Invalid);
        }
        let end = after.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(Reason::Invalid),
        };
        // Longer ones are beyond what Terraform takes, or beyond its precision.
        if whole.len() > 18 || fraction.len() > 9 {
            return Err(call.unsupported());
        }
        let parse = |digits: &str| if digits.is_empty() { Ok(0) } else { digits.parse::<i128>() };
        let whole = parse(whole).map_err(|_| Reason::Invalid)?;
        let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or(0));
        total += whole * unit + parse(fraction).map_err(|_| Reason::Invalid)? * unit / scale;
        rest = next;
    }
    let total = i64::try_from(total).map_err(|_| Reason::Invalid)?;
    Ok(SignedDuration::from_nanos(if negative { -total } else { total }))
}

/// The letters: <https://developer.hashicorp.com/terraform/language/functions/formatdate>.
pub(super) fn formatdate(call: &Call<'_>) -> Outcome {
    let (format, moment) = (call.text(0)?, Moment::argument(call, 1)?);
    let mut text = String::new();
    let mut rest: &str = &format;
    while let Some(first) = rest.chars().next() {
        let run = match first {
            '\'' => quoted_length(rest).ok_or(Reason::Invalid)?,
            _ if first.is_ascii_alphabetic() => rest.bytes().take_while(|byte| char::from(*byte) == first).count(),
            _ => first.len_utf8(),
        };
        let (token, next) = rest.split_at(run);
        match first {
            '\'' => text.push_str(&token[1..run - 1].replace("''", "'")),
            _ if first.is_ascii_alphabetic() => text.push_str(&field(token, &moment).ok_or(Reason::Invalid)?),
            _ => text.push_str(token),
        }
        rest = next;
    }
    call.made_of(text, call.value(0)?)
}

/// Length of a literal in quotes; two quotes in it are one.
fn quoted_length(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find('\'')? + 1;
        if text.as_bytes().get(at) != Some(&b'\'') {
            return Some(at);
        }
        at += 1;
    }
}

fn field(token: &str, moment: &Moment) -> Option<String> {
    let at = &moment.local;
    let twelve = (at.hour() + 11) % 12 + 1;
    let month = month_name(at.month())?;
    let day = match at.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    Some(match token {
        "YYYY" => format!("{:04}", at.year()),
        "YY" => format!("{:02}", at.year() % 100),
        "MMMM" => month.to_owned(),
        "MMM" => month[..3].to_owned(),
        "MM" => format!("{:02}", at.month()),
        "M" => at.month().to_string(),
        "DD" => format!("{:02}", at.day()),
        "D" => at.day().to_string(),
        "EEEE" => day.to_owned(),
        "EEE" => day[..3].to_owned(),
        "hh" => format!("{:02}", at.hour()),
        "h" => at.hour().to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        "aa" => if at.hour() < 12 { "am" } else { "pm" }.to_owned(),
        "mm" => format!("{:02}", at.minute()),
        "m" => at.minute().to_string(),
        "ss" => format!("{:02}", at.second()),
        "s" => at.second().to_string(),
        "ZZZZZ" => moment.offset_text(":"),
        "ZZZZ" => moment.offset_text(""),
        "ZZZ" if moment.utc || moment.offset == 0 => "UTC".to_owned(),
        "ZZZ" => moment.offset_text(""),
        "Z" if moment.utc || moment.offset == 0 => "Z".to_owned(),
        "Z" => moment.offset_text(":"),
        _ => return None,
    })
}

fn month_name(month: i8) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get(usize::try_from(month).ok()?.checked_sub(1)?).copied()
}
