//! Who is let in by a trust in a CI system's identity tokens: conditions are evaluated against what tokens of a
//! repository that nobody here knows may claim.

pub(super) mod aws;
pub(super) mod azure;
mod claims;
mod expression;
pub(super) mod google;
mod issuers;
mod report;
mod sites;
pub(super) mod vault;

pub(super) use issuers::Issuer;
#[cfg(test)]
use issuers::issuer_of;
pub(super) use report::{Trust, report};
pub(in crate::rules) use sites::trusts;

/// Who is let in, the narrowest first. Of conditions that all have to be met the narrowest counts, of those that stand
/// for each other the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// One repository, project or workspace, some of an organisation's, or nobody.
    Narrow,
    /// It is not known.
    Unknown,
    /// Every repository, project or workspace of one organisation.
    Organisation,
    /// Every repository anywhere that makes its tokens' subjects of the same claims.
    Customised,
    /// Those that are meant, and every token without the claim that is looked at.
    Vacuous,
    /// Every repository, project or workspace of anybody.
    Anyone,
}

impl Reach {
    /// Who is let in by what may not be there: it cannot be relied on, and what it lets in is not sure.
    pub(super) fn if_certain(self, certain: bool) -> Reach {
        match self {
            Reach::Anyone => Reach::Anyone,
            narrower if certain => narrower,
            _ => Reach::Unknown,
        }
    }
}
