//! The fields of a message in protobuf's wire format, borrowed: a message of any size costs no memory.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

use super::broken::Broken;
use std::borrow::Cow;

/// The value of a field.
#[derive(Clone, Copy)]
pub(super) enum Field<'a> {
    /// An integer, an enumeration's value or a boolean.
    Number(u64),
    /// A string, bytes, or another message.
    Bytes(&'a [u8]),
    /// A number of fixed length: plans have none.
    Fixed,
}

/// The fields of a message in their order, each with its number. Ends after the first that is broken.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The fields of a message.
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Broken> {
        let at = usize::try_from(length).map_err(|_| Broken::CutOff)?;
        let (taken, rest) = self.0.split_at_checked(at).ok_or(Broken::CutOff)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
    fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Broken::Malformed)
    }

    fn field(&mut self) -> Result<(u64, Field<'a>), Broken> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Field::Number(self.varint()?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let length = self.varint()?;
                Field::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return Err(Broken::Malformed),
        };
        Ok((tag >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// A message all of whose fields can be told apart.
#[derive(Clone, Copy)]
pub(super) struct Message<'a>(&'a [u8]);

impl<'a> Message<'a> {
    /// # Errors
    /// When a field is broken.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Broken> {
        Fields::of(bytes).try_for_each(|field| field.map(drop))?;
        Ok(Self(bytes))
    }

    /// The values of the fields with one of these numbers that are texts, bytes or messages.
    pub(super) fn all<'n>(self, numbers: &'n [u64]) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        Fields::of(self.0).flatten().filter_map(move |(number, field)| match field {
            Field::Bytes(bytes) if numbers.contains(&number) => Some(bytes),
            _ => None,
        })
    }

    /// The last value of a field; empty where there is none, as the format has it.
    pub(super) fn bytes(self, number: u64) -> &'a [u8] {
        self.all(&[number]).last().unwrap_or_default()
    }

    /// The text of a field.
    pub(super) fn text(self, number: u64) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes(number))
    }

    /// The number of a field; 0 where there is none, as the format has it.
    pub(super) fn number(self, number: u64) -> u64 {
        self.find(number).map_or(0, |field| if let Field::Number(value) = field { value } else { 0 })
    }

    /// The last value of a field.
    pub(super) fn find(self, number: u64) -> Option<Field<'a>> {
        Fields::of(self.0).flatten().filter(|(other, _)| *other == number).last().map(|(_, field)| field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_all_types_are_told() {
        let mut fields = Fields::of(b"\x08\x96\x01\x12\x02hi\x09AAAAAAAA\x15BBBB");
        assert!(matches!(fields.next(), Some(Ok((1, Field::Number(150))))));
        assert!(matches!(fields.next(), Some(Ok((2, Field::Bytes(b"hi"))))));
        assert!(matches!(fields.next(), Some(Ok((1, Field::Fixed)))));
        assert!(matches!(fields.next(), Some(Ok((2, Field::Fixed)))));
        assert!(fields.next().is_none());
    }

    #[test]
    fn what_is_broken_ends_it() {
        let broken: [&[u8]; 5] = [
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", // longer than anything
            b"\x08",
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x0b\x0b\x0b", // groups are no part of proto3
            b"\x09AAA",
        ];
        for bytes in broken {
            let mut fields = Fields::of(bytes);
            assert!(matches!(fields.next(), Some(Err(_))), "{bytes:?}");
            assert!(fields.next().is_none());
        }
    }
}
