//! Keys of AWS are asked about at a real server, and its answers are judged as AWS means them.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod keys;
