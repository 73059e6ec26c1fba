//! An AWS on a free loopback port (moto, <https://docs.getmoto.org/en/latest/docs/server_mode.html>).

use super::python::python;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Whether calls must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    /// Anybody may do anything.
    Free,
    /// Only who signs with a known key that has the right to.
    Enforced,
}

/// A running AWS with a bucket, a KMS key and a user's access key. It ends with this value, and with the test.
#[derive(serde::Deserialize)]
pub(crate) struct Aws {
    /// `http://127.0.0.1:PORT`, for every service.
    pub(crate) endpoint: String,
    /// A bucket in eu-west-1.
    pub(crate) bucket: String,
    /// The ARN of a KMS key.
    pub(crate) kms_key: String,
    /// The access key of a user who may do everything: made by this server and worth nothing elsewhere.
    pub(crate) access_key: String,
    /// Its secret half.
    pub(crate) secret_key: String,
    #[serde(skip)]
    process: Option<Child>,
}

/// Longer than the slowest machine takes to start it.
const PATIENCE: Duration = Duration::from_secs(120);

impl Aws {
    pub(crate) fn start(calls: Calls) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/aws_server.py");
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new(python())
            .arg(script)
            .arg(if calls == Calls::Free { "free" } else { "enforced" })
            .env_clear()
            .env("HOME", home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = process.stdout.take().unwrap();
        let (sender, answer) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(output).read_line(&mut line);
            let _ = sender.send(read.map(|_| line));
        });
        let line = match answer.recv_timeout(PATIENCE) {
            Ok(line) => line.unwrap(),
            Err(_) => {
                stop(&mut process);
                panic!("moto was not ready after {PATIENCE:?}");
            }
        };
        let mut aws: Aws = serde_json::from_str(&line).unwrap_or_else(|_| panic!("moto did not start"));
        aws.process = Some(process);
        aws
    }

    /// The arguments of an S3 backend that keeps its state here, without credentials.
    pub(crate) fn backend(&self, key: &str) -> String {
        let Self { endpoint, bucket, kms_key, .. } = self;
        format!(
            r#"    bucket                  = "{bucket}"
    key                     = "{key}"
    region                  = "eu-west-1"
    encrypt                 = true
    kms_key_id              = "{kms_key}"
    use_lockfile            = true
    use_path_style          = true
    skip_metadata_api_check = true
    endpoints = {{
      s3  = "{endpoint}"
      sts = "{endpoint}"
      iam = "{endpoint}"
    }}
"#
        )
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            stop(process);
        }
    }
}

fn stop(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}
