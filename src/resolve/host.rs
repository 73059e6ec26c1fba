//! What functions ask of the evaluator.
use super::evaluate::Evaluator;
impl super::functions::Host for Evaluator<'_, '_> {}
