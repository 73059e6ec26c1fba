//! Rules about exceptions: the report finds what they speak of, as only it knows what an exception hides.

pub mod exception_expired;
pub mod ignore_without_reason;
pub mod policy_weakened;
pub mod unused_ignore;
