//! What Terraform itself leaves behind, made anew: every planted secret is found at its address and attribute, and
//! nothing else is called one.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod http;
mod json;
mod local;
mod modules;
mod oracle;
mod plan;
mod report;
mod s3;
