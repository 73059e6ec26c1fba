//! A finding and its parts.

use super::{Confidence, CredentialUse, Fix, Level, Place};
use std::borrow::Cow;

/// What a rule says: borrowed where its author wrote all of it, so that nothing of the repository can stand in it.
pub type Words = Cow<'static, str>;

/// One place where a rule does not hold, as the rule says it. The report adds the level, exceptions and fingerprint.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// What is wrong and why it matters, in one or two sentences. Never holds a value that could be secret.
    pub message: Words,
    /// The spot to change.
    pub place: Place,
    /// Terraform's own name of the thing: `terraform.backend.s3`, `provider.aws.london`.
    pub address: Option<String>,
    /// The argument at that address.
    pub attribute: Option<String>,
    /// Directory of the module, `.` for the root.
    pub module: Option<String>,
    /// How sure.
    pub confidence: Confidence,
    /// At most this level, whatever the policy says: for what the repository alone cannot decide.
    pub at_most: Level,
    /// The credential that was found, if it is one.
    pub credential: Option<CredentialUse>,
    /// Further places, in the order of the story they tell.
    pub related: Vec<Related>,
    /// How to mend it.
    pub remedy: Remedy,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

/// A further place of a finding: a step of a trace, the sink, the other of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What it has to do with the finding.
    pub message: String,
    /// Whether a value passes through it on its way, which the stations of a finding tell in order.
    pub station: bool,
}

impl Related {
    /// A place that a value passes through.
    pub fn station(place: Place, name: impl Into<String>) -> Self {
        Self { place, message: name.into(), station: true }
    }

    /// Any other place.
    pub fn other(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), station: false }
    }
}

/// How a finding is mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// In words.
    pub text: Words,
    /// Commands to run, in order.
    pub commands: Vec<String>,
    /// Lines to put in place of what is there, ready to paste; empty where there are none.
    pub snippet: String,
}

impl Finding {
    /// A finding of a rule at a place, sure, without anything else.
    pub fn new(rule: &'static str, place: Place, message: impl Into<Words>) -> Self {
        Self {
            rule,
            message: message.into(),
            place,
            address: None,
            attribute: None,
            module: None,
            confidence: Confidence::High,
            at_most: Level::Error,
            credential: None,
            related: Vec::new(),
            remedy: Remedy::default(),
            fix: None,
        }
    }

    /// Names the thing it speaks of.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Names the argument.
    #[must_use]
    pub fn attribute(mut self, attribute: impl Into<String>) -> Self {
        self.attribute = Some(attribute.into());
        self
    }

    /// Names the module's directory.
    #[must_use]
    pub fn module(mut self, module: impl Into<String>) -> Self {
        self.module = Some(module.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related::other(place, message));
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn remedy(mut self, text: impl Into<Words>) -> Self {
        self.remedy.text = text.into();
        self
    }

    /// Adds a command to the remedy.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.remedy.commands.push(command.into());
        self
    }

    /// Adds lines to use instead.
    #[must_use]
    pub fn snippet(mut self, lines: impl Into<String>) -> Self {
        self.remedy.snippet = lines.into();
        self
    }

    /// Adds a fix.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Adds the credential.
    #[must_use]
    pub fn credential(mut self, credential: CredentialUse) -> Self {
        self.credential = Some(credential);
        self
    }

    /// Caps level and confidence: for what the repository alone cannot decide.
    #[must_use]
    pub fn uncertain(mut self, at_most: Level, confidence: Confidence) -> Self {
        self.at_most = at_most;
        self.confidence = confidence;
        self
    }

    /// All that it says in words, its names and commands among them; but for what the author of its rule wrote.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let named = [self.address.as_mut(), self.attribute.as_mut(), self.module.as_mut()];
        let said = [&mut self.message, &mut self.remedy.text].into_iter().filter_map(|words| match words {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        });
        let written = std::iter::once(&mut self.remedy.snippet).chain(&mut self.remedy.commands);
        let related = self.related.iter_mut().map(|related| &mut related.message);
        named.into_iter().flatten().chain(said).chain(written).chain(related)
    }
}
