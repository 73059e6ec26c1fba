//! `csvdecode`, by [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), as strictly as Go's `encoding/csv`.

use super::context::{Call, Outcome};
use crate::resolve::{Kind, Origin, Reason, Value};
use std::collections::BTreeMap;

pub(super) fn csvdecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let origin = &call.value(0)?.origin;
    let mut records = records(&text)?.into_iter();
    let header = records.next().ok_or(Reason::Invalid)?;
    let names: std::collections::BTreeSet<&str> = header.iter().map(String::as_str).collect();
    if names.len() != header.len() {
        return Err(Reason::Invalid);
    }
    let mut rows = Vec::new();
    for record in records {
        if record.len() != header.len() {
            return Err(Reason::Invalid);
        }
        call.spend(record.len())?;
        let mut row = BTreeMap::new();
        for (name, field) in header.iter().zip(record) {
            row.insert(name.clone(), field_value(call, field, origin)?);
        }
        rows.push(Value::new(Kind::Map(row.into())));
    }
    call.new_list(rows)
}

fn field_value(call: &Call<'_>, field: String, origin: &Origin) -> Outcome {
    call.spend_bytes(field.len())?;
    Ok(Value { kind: Kind::String(field.into()), origin: origin.clone() })
}

/// Records of fields. Empty lines are passed over; line ends within quotes become `\n`.
fn records(text: &str) -> Result<Vec<Vec<String>>, Reason> {
    let text = text.replace("\r\n", "\n");
    let mut records = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            continue;
        }
        let mut record = Vec::new();
        loop {
            let (field, after) = field(rest)?;
            record.push(field);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => {
                    rest = after.strip_prefix('\n').unwrap_or(after);
                    break;
                }
            }
        }
        records.push(record);
    }
    Ok(records)
}

/// One field, and what follows it: nothing, a comma or a line end.
fn field(text: &str) -> Result<(String, &str), Reason> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let (field, after) = text.split_at(end);
        return if field.contains('"') { Err(Reason::Invalid) } else { Ok((field.to_owned(), after)) };
    };
    let mut field = String::new();
    loop {
        let end = rest.find('"').ok_or(Reason::Invalid)?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.as_bytes().first() {
            Some(b'"') => {
                field.push('"');
                rest = &rest[1..];
            }
            None | Some(b',' | b'\n') => return Ok((field, rest)),
            Some(_) => return Err(Reason::Invalid),
        }
    }
}
