//! Values as cty packs them, handed over while they are read: no tree is built of them.
//!
//! <https://github.com/zclconf/go-cty/blob/v1.16.2/cty/msgpack/marshal.go>

use super::super::{Leaf, Owner, Visitor};
use super::broken::Broken;
use super::marks::Marks;
use rmp::Marker;
use rmp::decode::{read_array_len, read_bin_len, read_ext_meta, read_f32, read_f64, read_int, read_map_len};

/// How deeply a value may be nested; Terraform's own schemas and decoders stay far below.
const DEEPEST: usize = 200;

/// A step into a value. Attributes of an object and elements of a map look the same in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    /// By name.
    Name(&'a [u8]),
    /// By index.
    Index(u64),
}

impl<'a> Key<'a> {
    /// A packed text or index.
    pub(super) fn of(packed: &'a [u8]) -> Option<Key<'a>> {
        let mut rest = packed;
        loop {
            match token(&mut rest).ok()? {
                Token::Text(text) => return Some(Key::Name(text)),
                Token::Integer(index) => return u64::try_from(index).ok().map(Key::Index),
                Token::Array(2) if skip_type(&mut rest).ok()? => {}
                _ => return None,
            }
        }
    }
}

/// Hands an object's attributes over, each asked for by its name; the object is what they belong to.
///
/// # Errors
/// When something in it is broken; what stands before that was handed over.
pub(super) fn attributes(
    owner: &Owner,
    packed: &[u8],
    marks: Marks<'_>,
    visitor: &mut dyn Visitor,
) -> Result<(), Broken> {
    let mut rest = packed;
    if packed.is_empty() {
        return Ok(());
    }
    let count = match token(&mut rest)? {
        Token::Map(count) => count,
        Token::Nothing => 0,
        _ => return Err(Broken::Malformed),
    };
    let mut walk = Walk { owner, visitor, path: String::new(), wanted: false, too_deep: false };
    for _ in 0..count {
        let name = name(&mut rest)?;
        let inner = marks.step(Key::Name(name));
        let marked = marks.end_here() || inner.end_here();
        walk.path = String::from_utf8_lossy(name).into_owned();
        walk.wanted = walk.visitor.wants(owner, &walk.path, None, marked);
        walk.value(&mut rest, inner, marked, 1)?;
    }
    walk.end()
}

/// Hands over a value that is itself what its parts belong to.
///
/// # Errors
/// As [`attributes`].
pub(super) fn whole(
    owner: &Owner,
    packed: &[u8],
    marks: Marks<'_>,
    marked: bool,
    visitor: &mut dyn Visitor,
) -> Result<(), Broken> {
    if packed.is_empty() {
        return Ok(());
    }
    let marked = marked || marks.end_here();
    let wanted = visitor.wants(owner, "", None, marked);
    let mut walk = Walk { owner, visitor, path: String::new(), wanted, too_deep: false };
    let mut rest = packed;
    walk.value(&mut rest, marks, marked, 0)?;
    walk.end()
}

/// Hands over a text that is an attribute, or with the name `` itself what it belongs to.
pub(super) fn text(owner: &Owner, attribute: &str, text: &str, visitor: &mut dyn Visitor) {
    if !text.is_empty() && visitor.wants(owner, attribute, None, false) {
        visitor.leaf(owner, Leaf { path: attribute, text, number: false, span: None, marked: false });
    }
}

/// The way down one attribute.
struct Walk<'a> {
    owner: &'a Owner,
    visitor: &'a mut dyn Visitor,
    path: String,
    /// Whether its values are wanted even where they are not marked.
    wanted: bool,
    /// Whether something was passed over because of its depth.
    too_deep: bool,
}

impl Walk<'_> {
    fn value(&mut self, rest: &mut &[u8], marks: Marks<'_>, marked: bool, depth: usize) -> Result<(), Broken> {
        let pointless = !self.wanted && !marked && marks.is_empty();
        if pointless || depth > DEEPEST {
            self.too_deep |= !pointless;
            return skip(rest);
        }
        match token(rest)? {
            Token::Nothing => {}
            Token::Text(text) => self.leaf(&String::from_utf8_lossy(text), false, marked),
            Token::Integer(number) => self.leaf(&number.to_string(), true, marked),
            Token::Float(number) if number.is_finite() => self.leaf(&number.to_string(), true, marked),
            Token::Float(_) => {}
            Token::Array(2) if skip_type(rest)? => self.value(rest, marks, marked, depth + 1)?,
            Token::Array(count) => {
                for index in 0..u64::from(count) {
                    let inner = marks.step(Key::Index(index));
                    self.value(rest, inner, marked || inner.end_here(), depth + 1)?;
                }
            }
            Token::Map(count) => {
                let length = self.path.len();
                for _ in 0..count {
                    let name = name(rest)?;
                    let inner = marks.step(Key::Name(name));
                    self.enter(&String::from_utf8_lossy(name));
                    self.value(rest, inner, marked || inner.end_here(), depth + 1)?;
                    self.path.truncate(length);
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Result<(), Broken> {
        if self.too_deep { Err(Broken::TooDeep) } else { Ok(()) }
    }

    fn enter(&mut self, name: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
    }

    fn leaf(&mut self, text: &str, number: bool, marked: bool) {
        if (self.wanted || marked) && !text.is_empty() {
            self.visitor.leaf(self.owner, Leaf { path: &self.path, text, number, span: None, marked });
        }
    }
}

/// What stands next: a simple value, or how many others follow.
enum Token<'a> {
    /// Null, a boolean, and what is not known before it is applied (an extension).
    Nothing,
    Text(&'a [u8]),
    Integer(i128),
    Float(f64),
    Array(u32),
    Map(u32),
}

fn token<'a>(rest: &mut &'a [u8]) -> Result<Token<'a>, Broken> {
    let marker = Marker::from_u8(*rest.first().ok_or(Broken::CutOff)?);
    Ok(match marker {
        Marker::Null | Marker::True | Marker::False => {
            take(rest, 1)?;
            Token::Nothing
        }
        Marker::FixPos(_)
        | Marker::FixNeg(_)
        | Marker::U8
        | Marker::U16
        | Marker::U32
        | Marker::U64
        | Marker::I8
        | Marker::I16
        | Marker::I32
        | Marker::I64 => Token::Integer(read_int(rest).map_err(|_| Broken::CutOff)?),
        Marker::F32 => Token::Float(read_f32(rest).map_err(|_| Broken::CutOff)?.into()),
        Marker::F64 => Token::Float(read_f64(rest).map_err(|_| Broken::CutOff)?),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let length = rmp::decode::read_str_len(rest).map_err(|_| Broken::CutOff)?;
            Token::Text(take(rest, length)?)
        }
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            let length = read_bin_len(rest).map_err(|_| Broken::CutOff)?;
            take(rest, length)?;
            Token::Nothing
        }
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            Token::Array(read_array_len(rest).map_err(|_| Broken::CutOff)?)
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            Token::Map(read_map_len(rest).map_err(|_| Broken::CutOff)?)
        }
        Marker::FixExt1
        | Marker::FixExt2
        | Marker::FixExt4
        | Marker::FixExt8
        | Marker::FixExt16
        | Marker::Ext8
        | Marker::Ext16
        | Marker::Ext32 => {
            let extension = read_ext_meta(rest).map_err(|_| Broken::CutOff)?;
            take(rest, extension.size)?;
            Token::Nothing
        }
        Marker::Reserved => return Err(Broken::Malformed),
    })
}

/// A value whose type the schema leaves open is packed as two: its type, in JSON as bytes, and itself. Passes over the
/// type; false if none stands here. Nothing else in a value is packed as bytes.
fn skip_type(rest: &mut &[u8]) -> Result<bool, Broken> {
    let marker = rest.first().copied().map(Marker::from_u8);
    let typed = matches!(marker, Some(Marker::Bin8 | Marker::Bin16 | Marker::Bin32));
    if typed {
        token(rest)?;
    }
    Ok(typed)
}

/// The name of an attribute or the key of a map.
fn name<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Broken> {
    match token(rest)? {
        Token::Text(name) => Ok(name),
        _ => Err(Broken::Malformed),
    }
}

/// Passes over a value, however deep it is.
fn skip(rest: &mut &[u8]) -> Result<(), Broken> {
    let mut pending = 1_u64;
    while pending > 0 {
        pending -= 1;
        pending += match token(rest)? {
            Token::Array(count) => u64::from(count),
            Token::Map(count) => 2 * u64::from(count),
            _ => 0,
        };
    }
    Ok(())
}

fn take<'a>(rest: &mut &'a [u8], length: u32) -> Result<&'a [u8], Broken> {
    let (taken, after) = rest.split_at_checked(length as usize).ok_or(Broken::CutOff)?;
    *rest = after;
    Ok(taken)
}
