//! What keeps state in AWS, and what AWS says of it.

use super::Place;

/// A bucket, lock table, key or lock file that a backend uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateStore {
    /// What it is.
    pub kind: StoreKind,
    /// Its name; of a key its id, ARN or alias; of a lock file `BUCKET/KEY.tflock`, in which `*` stands for a workspace.
    pub name: String,
    /// The bucket of the same backend: its owner tells whose the rest is.
    pub bucket: String,
    /// The region that the backend names.
    pub region: Option<String>,
    /// Where the configuration names it.
    pub place: Place,
    /// The backend's address.
    pub address: String,
    /// Directory of the backend's module.
    pub module: String,
    /// What AWS says of it, once it was looked at.
    pub answer: Option<StoreAnswer>,
}

/// What keeps state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoreKind {
    /// A bucket of S3.
    Bucket,
    /// A table of DynamoDB for locks.
    LockTable,
    /// A key of KMS.
    Key,
    /// A file in the bucket for locks.
    LockFile,
}

impl StoreKind {
    /// The argument of the backend that names it.
    pub fn argument(self) -> &'static str {
        match self {
            StoreKind::Bucket => "bucket",
            StoreKind::LockTable => "dynamodb_table",
            StoreKind::Key => "kms_key_id",
            StoreKind::LockFile => "use_lockfile",
        }
    }
}

/// What AWS says of a store, as far as the operator may look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreAnswer {
    /// Of a bucket.
    pub bucket: BucketAnswer,
    /// Of a lock table; None if nobody could tell.
    pub table: Option<TableAnswer>,
    /// Of a key, of a bucket its default one; None if there is none or nobody could tell.
    pub key: Option<KeyAnswer>,
    /// Of a lock file; None if nobody could tell.
    pub lock: Option<LockAnswer>,
    /// What nobody could tell, and why: `its policy (AccessDenied)`.
    pub unknown: Vec<String>,
}

/// What AWS says of a bucket; None for what nobody could tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketAnswer {
    /// Whether it keeps versions.
    pub is_versioned: Option<bool>,
    /// Whether it encrypts with a key of KMS unless it is told otherwise.
    pub has_kms: Option<bool>,
    /// Whether its own block of public access is complete.
    pub is_blocked: Option<bool>,
    /// Its policy as JSON; empty if it has none.
    pub policy: Option<String>,
}

/// What AWS says of a lock table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableAnswer {
    /// There is none of that name in the bucket's account and region.
    Missing,
    /// Whether its only key is the string `LockID`.
    There {
        /// Whether it is.
        has_lock_id: bool,
    },
}

/// What AWS says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAnswer {
    /// Its ARN.
    pub arn: String,
    /// Whether AWS replaces its material by itself.
    pub rotates: bool,
}

/// Who may lock with a lock file, as far as AWS tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockAnswer {
    /// The file's ARN; `*` stands for a workspace.
    pub arn: String,
    /// The policy of its bucket as JSON; empty if it has none, None if nobody could tell.
    pub policy: Option<String>,
    /// The user or role that looked, by its ARN.
    pub operator: String,
    /// Whether this one's own policies let it write the state: who only reads needs no lock.
    pub may_write_state: bool,
    /// Actions on the file that they do not let it do.
    pub lacks: Vec<&'static str>,
}

impl LockAnswer {
    /// What who locks has to be let do to the file.
    /// <https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions>
    pub const ACTIONS: [&'static str; 3] = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
}
