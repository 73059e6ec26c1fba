//! Address prefixes.

use super::context::{Call, Outcome, number_of};
use super::convert;
use crate::resolve::{Number, Reason, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

/// An address prefix, its host bits cleared.
#[derive(Clone, Copy)]
struct Prefix {
    address: u128,
    length: u32,
    /// 32 or 128.
    width: u32,
}

impl Prefix {
    /// Octets with leading zeros are decimal, as Terraform keeps them from older versions of Go.
    fn parse(call: &Call<'_>, text: &str) -> Result<Self, Reason> {
        let (address, length) = text.split_once('/').ok_or(Reason::Invalid)?;
        let (address, width) = if address.contains(':') {
            let address: Ipv6Addr = address.parse().map_err(|_| Reason::Invalid)?;
            // Terraform treats these as addresses of the other protocol, in part.
            if address.to_ipv4_mapped().is_some() {
                return Err(call.unsupported());
            }
            (address.to_bits(), 128)
        } else {
            (u128::from(parse_v4(address).ok_or(Reason::Invalid)?), 32)
        };
        let digits = !length.is_empty() && length.len() <= 3 && length.bytes().all(|byte| byte.is_ascii_digit());
        let length = length.parse().ok().filter(|length| digits && *length <= width).ok_or(Reason::Invalid)?;
        let host_bits = mask(width - length);
        Ok(Self { address: address & !host_bits, length, width })
    }

    fn host_bits(self) -> u32 {
        self.width - self.length
    }

    fn address_text(self, call: &Call<'_>, address: u128) -> Result<String, Reason> {
        if self.width == 32 {
            return Ok(Ipv4Addr::from_bits(u32::try_from(address).map_err(|_| Reason::Invalid)?).to_string());
        }
        let address = Ipv6Addr::from_bits(address);
        if address.to_ipv4_mapped().is_some() { Err(call.unsupported()) } else { Ok(address.to_string()) }
    }
}

fn parse_v4(text: &str) -> Option<u32> {
    let mut parts = text.split('.');
    let mut address: u32 = 0;
    for _ in 0..4 {
        let part = parts.next().filter(|part| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        let octet: u32 = part.parse().ok().filter(|octet| *octet <= 255)?;
        address = address << 8 | octet;
    }
    parts.next().is_none().then_some(address)
}

/// So many ones at the low end.
fn mask(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |one| one - 1)
}

fn integer(call: &Call<'_>, index: usize) -> Result<i128, Reason> {
    match call.number(index)? {
        Number::Integer(integer) => Ok(integer),
        Number::Float(_) => Err(Reason::Invalid),
    }
}

/// A negative number counts from the end of the prefix.
pub(super) fn cidrhost(call: &Call<'_>) -> Outcome {
    let prefix = Prefix::parse(call, &call.text(0)?)?;
    let number = integer(call, 1)?;
    let last = mask(prefix.host_bits());
    let distance = if number < 0 { number.unsigned_abs() - 1 } else { number.unsigned_abs() };
    if distance > last {
        return Err(Reason::Invalid);
    }
    let host = if number < 0 { last - distance } else { distance };
    call.made_of(prefix.address_text(call, prefix.address | host)?, call.value(0)?)
}

pub(super) fn cidrnetmask(call: &Call<'_>) -> Outcome {
    let prefix = Prefix::parse(call, &call.text(0)?)?;
    if prefix.width != 32 {
        return Err(Reason::Invalid);
    }
    let netmask = mask(32) & !mask(prefix.host_bits());
    call.made_of(prefix.address_text(call, netmask)?, call.value(0)?)
}

pub(super) fn cidrsubnet(call: &Call<'_>) -> Outcome {
    let prefix = Prefix::parse(call, &call.text(0)?)?;
    let new_bits = u32::try_from(call.whole(1)?).map_err(|_| call.unsupported())?;
    let number = u128::try_from(integer(call, 2)?).map_err(|_| call.unsupported())?;
    if new_bits > prefix.host_bits() || number > mask(new_bits) {
        return Err(Reason::Invalid);
    }
    let length = prefix.length + new_bits;
    let subnet = number.checked_shl(prefix.width - length).unwrap_or(0);
    let text = prefix.address_text(call, prefix.address | subnet)?;
    call.made_of(format!("{text}/{length}"), call.value(0)?)
}

/// One after the other, each aligned to its own size.
pub(super) fn cidrsubnets(call: &Call<'_>) -> Outcome {
    let prefix = Prefix::parse(call, &call.text(0)?)?;
    let mut subnets: Vec<Value> = Vec::new();
    let mut next = prefix.address;
    for argument in &call.arguments[1..] {
        let new_bits = convert::whole(number_of(argument)?)?;
        let new_bits = u32::try_from(new_bits).ok().filter(|bits| (1..=32).contains(bits)).ok_or(Reason::Invalid)?;
        let length = prefix.length + new_bits;
        if length > prefix.width {
            return Err(Reason::Invalid);
        }
        // At address zero Terraform takes the first subnet for an overflow.
        if prefix.address == 0 {
            return Err(call.unsupported());
        }
        let size = prefix.width - length;
        let inside = mask(size);
        let start = next.checked_add(inside).map(|end| end & !inside).ok_or(Reason::Invalid)?;
        if start & !mask(prefix.host_bits()) != prefix.address {
            return Err(Reason::Invalid);
        }
        let text = prefix.address_text(call, start)?;
        subnets.push(call.made_of(format!("{text}/{length}"), call.value(0)?)?);
        next = start.checked_add(inside).and_then(|last| last.checked_add(1)).ok_or_else(|| call.unsupported())?;
    }
    call.new_list(subnets)
}
