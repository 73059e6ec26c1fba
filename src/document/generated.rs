//! Configuration that Terragrunt writes beside a module: the literal `contents` of its `generate` blocks.
//!
//! <https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate>

use super::hcl::{self, Body};
use crate::text::{Source, Span};

/// The syntax trees of the heredocs that `generate` blocks hold. Their spans are places of the Terragrunt file.
pub(super) fn bodies(source: &Source, body: &Body) -> Vec<Body> {
    let blocks = body.blocks_of("generate").filter_map(|block| block.body.attribute("contents"));
    let heredocs = blocks.filter_map(|contents| heredoc(source, contents.value.span));
    heredocs.map(|inner| hcl::parse(&blanked(source.bytes(), inner)).body).collect()
}

/// The bytes between the markers of a heredoc.
fn heredoc(source: &Source, span: Span) -> Option<Span> {
    let text = source.slice(span);
    if !text.starts_with(b"<<") {
        return None;
    }
    let first = memchr::memchr(b'\n', text)? + 1;
    let last = memchr::memrchr(b'\n', text)? + 1;
    Some(Span::new(span.start as usize + first, span.start as usize + last.max(first)))
}

/// The whole text with everything but one span blanked, so that offsets stay as they are.
fn blanked(bytes: &[u8], kept: Span) -> Vec<u8> {
    let mut out: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }).collect();
    out[kept.range()].copy_from_slice(&bytes[kept.range()]);
    out
}
