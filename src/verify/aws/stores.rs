//! What keeps the state, as the operator's credentials show it: read, never changed.

use super::client::{AwsFault, Named, fault};
use super::locks::Locks;
use super::operator::Operator;
use crate::finding::{KeyAnswer, StateStore, StoreAnswer, StoreKind, TableAnswer};
use aws_config::{Region, SdkConfig};
use aws_sdk_dynamodb::types::{KeyType, ScalarAttributeType, TableDescription};
use aws_sdk_kms::types::KeyManagerType;
use aws_sdk_s3::types::{BucketVersioningStatus, PublicAccessBlockConfiguration, ServerSideEncryption};

/// Stores that are looked at in one run.
const MOST_STORES: usize = 50;

impl Operator {
    /// Gives stores what AWS says of them: the first 50.
    pub fn look_at(&self, stores: &mut [StateStore]) {
        self.runtime.block_on(async {
            let mut locks = Locks::of(self);
            for at in 0..stores.len() {
                let known = if at < MOST_STORES { self.store(at, stores, &mut locks).await } else { beyond() };
                stores[at].answer = Some(known);
            }
        });
    }

    async fn store(&self, at: usize, stores: &[StateStore], locks: &mut Locks<'_>) -> StoreAnswer {
        let store = &stores[at];
        let mut look = Look { config: self.in_region(store.region.as_deref()), answer: StoreAnswer::default() };
        match store.kind {
            StoreKind::Bucket => look.bucket(&store.name).await,
            StoreKind::LockTable => look.table(store, &self.account).await,
            StoreKind::Key => look.key(&store.name).await,
            StoreKind::LockFile => look.answer = locks.look(store, policy(stores, &store.bucket)).await,
        }
        look.answer
    }

    fn in_region(&self, region: Option<&str>) -> SdkConfig {
        let region = region.map(|region| Region::new(region.to_owned())).or_else(|| self.config.region().cloned());
        self.config.to_builder().region(region).build()
    }
}

/// The policy of a bucket that was looked at before.
fn policy(stores: &[StateStore], bucket: &str) -> Option<String> {
    let bucket = stores.iter().find(|store| store.kind == StoreKind::Bucket && store.name == bucket)?;
    bucket.answer.as_ref()?.bucket.policy.clone()
}

fn beyond() -> StoreAnswer {
    StoreAnswer { unknown: vec![format!("anything (only {MOST_STORES} are looked at)")], ..StoreAnswer::default() }
}

/// One look at one store.
struct Look {
    config: SdkConfig,
    answer: StoreAnswer,
}

impl Look {
    /// What was answered. What is not there is what it means that it is not there; of the rest nobody could tell.
    fn told<T>(&mut self, what: &str, answer: Result<T, AwsFault>, absent: (&str, T)) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(fault) if fault.code() == absent.0 && !absent.0.is_empty() => Some(absent.1),
            Err(fault) => {
                self.answer.unknown.push(format!("{what} ({fault})"));
                None
            }
        }
    }

    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList>
    async fn bucket(&mut self, name: &str) {
        let client = aws_sdk_s3::Client::new(&self.config);
        let asked = client.get_bucket_versioning().bucket(name).customize().interceptor(Named).send().await;
        let versioned = asked.map(|answer| answer.status == Some(BucketVersioningStatus::Enabled));
        let versioned = versioned.map_err(|error| fault(&error));
        self.answer.bucket.is_versioned = self.told("its versioning", versioned, ("", false));
        if self.answer.bucket.is_versioned.is_none() {
            // Who may not see that may see nothing, or the bucket is not there.
            return;
        }
        let asked = client.get_bucket_encryption().bucket(name).customize().interceptor(Named).send().await;
        let rules = asked.map(|answer| answer.server_side_encryption_configuration.map(|found| found.rules));
        let absent = ("ServerSideEncryptionConfigurationNotFoundError", None);
        let rules = self.told("its encryption", rules.map_err(|error| fault(&error)), absent);
        let mut key = None;
        self.answer.bucket.has_kms = rules.map(|rules| {
            let rules = rules.into_iter().flatten();
            let mut defaults = rules.filter_map(|rule| rule.apply_server_side_encryption_by_default);
            defaults.next().is_some_and(|default| {
                key = default.kms_master_key_id;
                matches!(default.sse_algorithm, ServerSideEncryption::AwsKms | ServerSideEncryption::AwsKmsDsse)
            })
        });
        let asked = client.get_public_access_block().bucket(name).customize().interceptor(Named).send().await;
        let blocks = asked.map(|answer| answer.public_access_block_configuration).map_err(|error| fault(&error));
        let blocks = self.told("its public access block", blocks, ("NoSuchPublicAccessBlockConfiguration", None));
        self.answer.bucket.is_blocked = blocks.map(|blocks| blocks.is_some_and(|blocks| is_complete(&blocks)));
        let asked = client.get_bucket_policy().bucket(name).customize().interceptor(Named).send().await;
        let policy = asked.map(|answer| answer.policy.unwrap_or_default()).map_err(|error| fault(&error));
        self.answer.bucket.policy = self.told("its policy", policy, ("NoSuchBucketPolicy", String::new()));
        if let Some(key) = key {
            self.key(&key).await;
        }
    }

    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>
    async fn table(&mut self, store: &StateStore, account: &str) {
        // Another account may have a table of that name, or this one may have none because it is another's.
        let client = aws_sdk_s3::Client::new(&self.config);
        let asked = client.head_bucket().bucket(&store.bucket).expected_bucket_owner(account);
        let asked = asked.customize().interceptor(Named).send().await.map_err(|error| fault(&error));
        if asked.is_err() {
            self.answer.unknown.push(format!("anything (its bucket is not known to be of your account {account})"));
            return;
        }
        let client = aws_sdk_dynamodb::Client::new(&self.config);
        let asked = client.describe_table().table_name(&store.name).customize().interceptor(Named).send().await;
        let table = asked.map(|answer| answer.table).map_err(|error| fault(&error));
        let there = |table: &TableDescription| TableAnswer::There { has_lock_id: has_lock_id(table) };
        let table = table.map(|table| table.as_ref().map(there));
        self.answer.table =
            self.told("its keys", table, ("ResourceNotFoundException", Some(TableAnswer::Missing))).flatten();
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>
    async fn key(&mut self, name: &str) {
        // An ARN names its region: arn:partition:kms:region:account:key/id
        if let Some(region) = name.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2)) {
            self.config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        }
        let client = aws_sdk_kms::Client::new(&self.config);
        let asked = client.describe_key().key_id(name).customize().interceptor(Named).send().await;
        let key = asked.map(|answer| answer.key_metadata).map_err(|error| fault(&error));
        let Some(key) = self.told("its key", key, ("", None)).flatten() else { return };
        let arn = key.arn.clone().unwrap_or_default();
        if key.key_manager == Some(KeyManagerType::Aws) {
            self.answer.key = Some(KeyAnswer { arn, rotates: true });
            return;
        }
        // By its id: an alias has no rotation.
        let asked = client.get_key_rotation_status().key_id(&key.key_id).customize().interceptor(Named).send().await;
        let rotates = asked.map(|answer| answer.key_rotation_enabled).map_err(|error| fault(&error));
        let rotates = self.told("whether its key rotates", rotates, ("UnsupportedOperationException", false));
        self.answer.key = rotates.map(|rotates| KeyAnswer { arn, rotates });
    }
}

fn is_complete(blocks: &PublicAccessBlockConfiguration) -> bool {
    let all = [
        blocks.block_public_acls,
        blocks.ignore_public_acls,
        blocks.block_public_policy,
        blocks.restrict_public_buckets,
    ];
    all.iter().all(|one| *one == Some(true))
}

/// <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
fn has_lock_id(table: &TableDescription) -> bool {
    let keys = table.key_schema();
    let only = matches!(keys, [key] if key.attribute_name == "LockID" && key.key_type == KeyType::Hash);
    let string = table
        .attribute_definitions()
        .iter()
        .any(|one| one.attribute_name == "LockID" && one.attribute_type == ScalarAttributeType::S);
    only && string
}
