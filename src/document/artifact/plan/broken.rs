//! Why a part of a plan cannot be read.

/// Why a part of a plan cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It ends before it is complete.
    CutOff,
    /// It is not what stands in a plan.
    Malformed,
    /// A value is nested too deeply to be looked into.
    TooDeep,
    /// Too many parts of a value are marked as sensitive.
    TooManyMarks,
}

impl Broken {
    /// The same in words.
    pub(super) fn explain(self) -> &'static str {
        match self {
            Broken::CutOff => "something in it ends before it is complete; the rest was read",
            Broken::Malformed => "something in it is not what stands in a plan; the rest was read",
            Broken::TooDeep => "a value is nested too deeply; what is within reach was read",
            Broken::TooManyMarks => "too many parts of a value are marked as sensitive; not all marks were heeded",
        }
    }
}
