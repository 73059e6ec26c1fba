//! Versions and version constraints as Terraform reads them: one syntax to the eye, three meanings.
//!
//! Provider requirements follow <https://github.com/apparentlymart/go-versions> (after
//! <https://github.com/hashicorp/go-version> has parsed them too), module versions and `required_version` follow
//! go-version alone. They differ: `~> 5` ends before 6 for a provider and nowhere for a module.

use std::cmp::Ordering;

/// Constraints in one string, at most: Terraform knows no limit, a file of this program's user needs a few.
const MAX_CONSTRAINTS: usize = 64;

/// What a constraint is written for, which decides what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `required_providers` and the `version` of a provider block.
    Provider,
    /// The `version` of a module call.
    Module,
    /// `required_version`: only the core of the running version counts, and prereleases cannot be asked for.
    Core,
}

/// A version: numbers, prerelease, build metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    segments: Vec<u64>,
    written: usize,
    prerelease: String,
    metadata: String,
}

/// A set of constraints that hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints {
    all: Vec<Constraint>,
    flavour: Flavour,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Constraint {
    operator: Operator,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Pessimistic,
}

/// Why Terraform refuses a version or a constraint. The fault is the configuration's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// It is no version, or its operator is none.
    #[error("not a version constraint")]
    Malformed,
    /// A provider's version with a `v` before it.
    #[error("a provider's version takes no `v` before it")]
    LeadingV,
    /// A provider's version of four or more numbers.
    #[error("a provider's version has at most three numbers")]
    TooManyNumbers,
    /// More than one blank between a provider's operator and version.
    #[error("a provider's constraint takes at most one blank after its operator")]
    Spacing,
    /// A prerelease in `required_version`.
    #[error("required_version cannot ask for a prerelease")]
    Prerelease,
    /// Longer than anything real.
    #[error("too many constraints in one string")]
    TooMany,
}

impl ConstraintError {
    /// How to write it instead.
    pub fn hint(self) -> &'static str {
        match self {
            ConstraintError::Malformed => {
                "write an operator (=, !=, >, >=, <, <=, ~>) and a version, separated by commas"
            }
            ConstraintError::LeadingV => "write the version without the `v`",
            ConstraintError::TooManyNumbers => "write major, minor and patch",
            ConstraintError::Spacing => "write one blank after the operator",
            ConstraintError::Prerelease => "leave the prerelease out: prereleases count as their release",
            ConstraintError::TooMany => "keep the constraints that matter",
        }
    }
}

impl Version {
    /// A version, by go-version's grammar: any number of numbers, a `v` before them if one likes.
    ///
    /// <https://github.com/hashicorp/go-version/blob/v1.7.0/version.go> (`VersionRegexpRaw`)
    ///
    /// # Errors
    /// [`ConstraintError::Malformed`] for everything else, and for numbers beyond 63 bits.
    pub fn parse(text: &str) -> Result<Version, ConstraintError> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = match text.split_once('+') {
            Some((before, metadata)) => (before, Some(metadata)),
            None => (text, None),
        };
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut segments = Vec::new();
        for number in numbers.split('.') {
            let number: u64 = number.parse().map_err(|_| ConstraintError::Malformed)?;
            segments.push(i64::try_from(number).map(|_| number).map_err(|_| ConstraintError::Malformed)?);
        }
        let prerelease = match rest.strip_prefix('-') {
            Some(after_dash) if is_identifiers(after_dash) => after_dash,
            _ => rest,
        };
        if !(rest.is_empty() || is_identifiers(prerelease)) || metadata.is_some_and(|text| !is_identifiers(text)) {
            return Err(ConstraintError::Malformed);
        }
        let written = segments.len();
        segments.resize(written.max(3), 0);
        Ok(Version { segments, written, prerelease: prerelease.into(), metadata: metadata.unwrap_or("").into() })
    }

    /// The number at an index: 0 is the major version. 0 where none is written.
    pub fn number(&self, index: usize) -> u64 {
        self.segments.get(index).copied().unwrap_or(0)
    }

    /// Whether it is a prerelease.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// Its precedence against another version; build metadata makes none.
    pub fn compare(&self, other: &Version) -> Ordering {
        let length = self.segments.len().max(other.segments.len());
        let numbers = (0..length).map(|index| self.number(index).cmp(&other.number(index)));
        numbers.fold(Ordering::Equal, Ordering::then).then_with(|| {
            match (self.is_prerelease(), other.is_prerelease()) {
                (false, false) => Ordering::Equal,
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (true, true) => compare_prereleases(&self.prerelease, &other.prerelease),
            }
        })
    }

    fn same_numbers(&self, other: &Version) -> bool {
        self.segments == other.segments
    }

    /// Without prerelease and metadata.
    fn core(&self) -> Version {
        Version { prerelease: String::new(), metadata: String::new(), ..self.clone() }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let numbers: Vec<String> = self.segments.iter().map(u64::to_string).collect();
        f.write_str(&numbers.join("."))?;
        if self.is_prerelease() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Dot-separated identifiers, none of them empty.
fn is_identifiers(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '~');
    text.split('.').all(|part| !part.is_empty() && part.chars().all(good))
}

fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => left.cmp(right),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

impl Operator {
    const ALL: [(&'static str, Operator); 7] = [
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("!=", Operator::NotEqual),
        ("~>", Operator::Pessimistic),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("=", Operator::Equal),
    ];

    fn text(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("=", |(text, _)| text)
    }
}

impl Constraints {
    /// Parses a constraint string.
    ///
    /// # Errors
    /// [`ConstraintError`] for what `terraform init` refuses.
    pub fn parse(text: &str, flavour: Flavour) -> Result<Constraints, ConstraintError> {
        let mut all = Vec::new();
        for piece in text.split(',') {
            if all.len() >= MAX_CONSTRAINTS {
                return Err(ConstraintError::TooMany);
            }
            all.push(parse_one(piece, flavour)?);
        }
        Ok(Constraints { all, flavour, text: text.to_owned() })
    }

    /// Whether Terraform may select a version. Of a prerelease: only if it is asked for by name.
    pub fn allows(&self, version: &Version) -> bool {
        match self.flavour {
            Flavour::Provider => {
                let asked = |c: &Constraint| c.operator == Operator::Equal && c.holds_exactly(version);
                (!version.is_prerelease() || self.all.iter().any(asked))
                    && self.all.iter().all(|c| c.holds_exactly(version))
            }
            // https://github.com/hashicorp/terraform/blob/v1.11.4/internal/initwd/module_install.go compares the text.
            Flavour::Module => {
                (!version.is_prerelease() || self.text == version.to_string())
                    && self.all.iter().all(|c| c.holds_loosely(version))
            }
            Flavour::Core => {
                let core = version.core();
                self.all.iter().all(|c| c.holds_loosely(&core))
            }
        }
    }

    /// The highest of its lower bounds, and whether the bound itself is allowed.
    pub fn lower_bound(&self) -> Option<(Version, bool)> {
        let bounds = self.all.iter().filter_map(|constraint| match constraint.operator {
            Operator::Equal | Operator::GreaterOrEqual | Operator::Pessimistic => Some((&constraint.version, true)),
            Operator::Greater => Some((&constraint.version, false)),
            _ => None,
        });
        let strictest = bounds.max_by(|(a, a_itself), (b, b_itself)| a.compare(b).then(b_itself.cmp(a_itself)));
        strictest.map(|(version, itself)| (version.clone(), itself))
    }

    /// Whether some version is too new for it.
    pub fn has_upper_bound(&self) -> bool {
        self.all.iter().any(|constraint| match constraint.operator {
            Operator::Equal | Operator::Less | Operator::LessOrEqual => true,
            // go-version compares all numbers but the last that is written: of `~> 5` none.
            Operator::Pessimistic => self.flavour == Flavour::Provider || constraint.version.written > 1,
            Operator::NotEqual | Operator::Greater | Operator::GreaterOrEqual => false,
        })
    }

    /// Whether it allows one version only.
    pub fn is_exact(&self) -> bool {
        self.all.iter().any(|constraint| constraint.operator == Operator::Equal)
    }

    /// The operators in use; a version alone counts as `=`.
    pub fn operators(&self) -> impl Iterator<Item = &'static str> {
        self.all.iter().map(|constraint| constraint.operator.text())
    }
}

/// <https://github.com/hashicorp/go-version/blob/v1.7.0/constraint.go> (`parseSingle`) and, for providers,
/// <https://github.com/apparentlymart/go-versions/blob/main/versions/constraints/ruby_style.go> (`parseRubyStyle`).
fn parse_one(piece: &str, flavour: Flavour) -> Result<Constraint, ConstraintError> {
    let piece = piece.trim_matches(|c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c'));
    let found = Operator::ALL.iter().find(|(text, _)| piece.starts_with(text));
    let (symbol, operator) = found.copied().unwrap_or(("", Operator::Equal));
    let after = &piece[symbol.len()..];
    let text = after.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
    let version = Version::parse(text)?;
    match flavour {
        Flavour::Provider => {
            if text.starts_with('v') {
                return Err(ConstraintError::LeadingV);
            }
            if !matches!(&after[..after.len() - text.len()], "" | " ") {
                return Err(ConstraintError::Spacing);
            }
            if version.written > 3 {
                return Err(ConstraintError::TooManyNumbers);
            }
            let numbers = text.find(|c: char| !c.is_ascii_digit() && c != '.').map_or("", |end| &text[end..]);
            if !matches!(numbers.bytes().next(), None | Some(b'-' | b'+')) || text.contains('~') {
                return Err(ConstraintError::Malformed);
            }
        }
        Flavour::Core if version.is_prerelease() => return Err(ConstraintError::Prerelease),
        Flavour::Module | Flavour::Core => {}
    }
    Ok(Constraint { operator, version })
}

impl Constraint {
    /// As go-versions' sets hold it: by precedence alone.
    fn holds_exactly(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            Operator::Equal => order.is_eq() && version.metadata == self.version.metadata,
            Operator::NotEqual => order.is_ne() || version.metadata != self.version.metadata,
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Pessimistic => {
                let fixed = if self.version.written == 3 { 2 } else { 1 };
                order.is_ge() && version.segments[..fixed] == self.version.segments[..fixed]
            }
        }
    }

    /// As go-version holds it: prereleases only beside a prerelease of the same numbers.
    fn holds_loosely(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        let prerelease = match (self.version.is_prerelease(), version.is_prerelease()) {
            (true, true) => version.same_numbers(&self.version),
            (false, true) => false,
            (_, false) => true,
        };
        match self.operator {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Greater => prerelease && order.is_gt(),
            Operator::GreaterOrEqual => prerelease && order.is_ge(),
            Operator::Less => prerelease && order.is_lt(),
            Operator::LessOrEqual => prerelease && order.is_le(),
            Operator::Pessimistic => {
                let fixed = self.version.written.saturating_sub(1);
                let of_one_kind = !self.version.is_prerelease() || version.is_prerelease();
                let last = self.version.segments.len() - 1;
                prerelease
                    && of_one_kind
                    && order.is_ge()
                    && self.version.segments.len() <= version.segments.len()
                    && version.segments[..fixed] == self.version.segments[..fixed]
                    && self.version.segments[last] <= version.segments[last]
            }
        }
    }
}

#[cfg(test)]
mod tests;
