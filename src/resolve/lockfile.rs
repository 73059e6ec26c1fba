//! Dependency lock files: which version of each provider `terraform init` has selected.
//!
//! <https://developer.hashicorp.com/terraform/language/files/dependency-lock>

use super::evaluate::constant;
use super::provider::ProviderAddress;
use super::version::Version;
use crate::document::Document;
use crate::document::hcl::Block;
use crate::finding::Place;

/// What a lock file says of one provider.
#[derive(Clone, Debug)]
pub struct LockedProvider {
    /// The provider.
    pub address: ProviderAddress,
    /// Where its block begins.
    pub header: Place,
    /// The selected version, and where it stands.
    pub version: Option<(Version, Place)>,
    /// Its checksums, as they are written: `h1:...` of one platform's package each, `zh:...` of all platforms'.
    pub hashes: Vec<String>,
}

/// The providers that a lock file names; blocks that Terraform does not know are passed over.
pub fn locked_providers(document: &Document) -> Vec<LockedProvider> {
    let blocks = document.body.iter().flat_map(|body| body.blocks_of("provider"));
    blocks.filter_map(|block| locked(document, block)).collect()
}

fn locked(document: &Document, block: &Block) -> Option<LockedProvider> {
    let address = ProviderAddress::parse(block.label(0)?)?;
    let value = |name: &str| block.body.attribute(name).map(|a| constant(&document.source, &a.value));
    let version = block.body.attribute("version").and_then(|attribute| {
        let version = Version::parse(attribute.value.as_str()?).ok()?;
        Some((version, Place::new(&document.source, attribute.value.span)))
    });
    let hashes = value("hashes");
    let hashes = hashes.as_ref().and_then(|hashes| hashes.as_list()).unwrap_or(&[]);
    let hashes = hashes.iter().filter_map(|hash| hash.as_str().map(str::to_owned)).collect();
    Some(LockedProvider { address, header: Place::new(&document.source, block.header), version, hashes })
}
