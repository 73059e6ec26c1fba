//! Arguments as they are written in a block and in those nested in it.

use crate::document::hcl::Attribute;
use crate::resolve::blocks::type_of;
use crate::resolve::module::{AttributeIn, BlockIn, Declared};

/// An argument as it is written in a block or in one that is nested in it.
pub struct Written<'r> {
    /// Its name, with dots into nested blocks.
    pub path: String,
    /// The argument.
    pub attribute: AttributeIn<'r>,
    /// The `dynamic` blocks around it, the outermost first.
    pub(super) dynamic: Vec<BlockIn<'r>>,
}

/// All arguments of a block and of the blocks nested in it, as Terraform merges override files.
pub fn written<'r>(declared: &Declared<'r>) -> Vec<Written<'r>> {
    let mut found = Vec::new();
    let mut nested: Vec<(String, BlockIn<'r>, Vec<BlockIn<'r>>)> = Vec::new();
    for layer in &declared.layers {
        let counts = |name: &str, attribute: &Attribute| {
            declared.attribute(name).is_some_and(|counting| std::ptr::eq(counting.attribute, attribute))
        };
        for attribute in layer.block.body.attributes.iter().filter(|one| counts(&one.name, one)) {
            let attribute = AttributeIn { source: layer.source, attribute };
            found.push(Written { path: attribute.attribute.name.to_string(), attribute, dynamic: Vec::new() });
        }
        for block in &layer.block.body.blocks {
            if declared.blocks(&block.kind).any(|counting| std::ptr::eq(counting.block, block)) {
                nested.push((type_of(block).to_owned(), BlockIn { source: layer.source, block }, Vec::new()));
            }
        }
    }
    nested.reverse();
    while let Some((path, BlockIn { source, block }, mut dynamic)) = nested.pop() {
        if block.kind == "dynamic" {
            dynamic.push(BlockIn { source, block });
            for content in block.body.blocks_of("content") {
                nested.push((path.clone(), BlockIn { source, block: content }, dynamic.clone()));
            }
            continue;
        }
        for attribute in &block.body.attributes {
            let (path, attribute) = (format!("{path}.{}", attribute.name), AttributeIn { source, attribute });
            found.push(Written { path, attribute, dynamic: dynamic.clone() });
        }
        for inner in block.body.blocks.iter().rev() {
            nested.push((format!("{path}.{}", type_of(inner)), BlockIn { source, block: inner }, dynamic.clone()));
        }
    }
    found
}
