//! What configuration means: values known with their origin, unknown with the reason. Invariant: pure, bounded, never
//! wrong.

mod invocation;
mod value;

pub use invocation::{Argument, Invocation, PathPattern};
pub use value::{Kind, Number, Origin, Reason, Trace, Value};
