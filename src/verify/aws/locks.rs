//! Who may lock the state with a file beside it, as IAM simulates it.

use super::client::{AwsFault, Named, fault};
use super::operator::{Operator, permitted};
use crate::finding::{LockAnswer, StateStore, StoreAnswer};
use aws_sdk_iam::types::{EvaluationResult, PolicyEvaluationDecisionType};

/// What a lock file is called after its state:
/// <https://developer.hashicorp.com/terraform/language/backend/s3#state-locking>
const ENDING: &str = ".tflock";

/// The lock files of a run, as one operator may use them.
pub(super) struct Locks<'o> {
    operator: &'o Operator,
    client: aws_sdk_iam::Client,
    /// The user or role whose policies count, or why nobody could tell; None before it was looked for.
    principal: Option<Result<String, String>>,
}

/// What the operator's own policies say.
struct Rights {
    /// The user or role that they are.
    operator: String,
    /// What they may not do to a lock file; None if they may not write its state either.
    lacks: Option<Vec<&'static str>>,
}

impl<'o> Locks<'o> {
    pub(super) fn of(operator: &'o Operator) -> Self {
        Self { operator, client: aws_sdk_iam::Client::new(&operator.config), principal: None }
    }

    /// What is known of a lock file, whose bucket has this policy.
    pub(super) async fn look(&mut self, store: &StateStore, policy: Option<String>) -> StoreAnswer {
        let partition = self.operator.arn.split(':').nth(1).unwrap_or("aws");
        let arn = format!("arn:{partition}:s3:::{}", store.name);
        let operator = self.operator.arn.clone();
        let lock = LockAnswer { arn, policy, operator, may_write_state: false, lacks: Vec::new() };
        let (lock, unknown) = match self.rights(&lock.arn).await {
            Ok(Rights { operator, lacks }) => {
                let may_write_state = lacks.is_some();
                (LockAnswer { operator, may_write_state, lacks: lacks.unwrap_or_default(), ..lock }, Vec::new())
            }
            Err(why) => (lock, vec![format!("whether you may write it ({why})")]),
        };
        StoreAnswer { lock: Some(lock), unknown, ..StoreAnswer::default() }
    }

    async fn rights(&mut self, arn: &str) -> Result<Rights, String> {
        let principal = match self.principal.take() {
            Some(known) => known,
            None => self.principal().await,
        };
        let rights = match &principal {
            Ok(principal) => self.lacks(principal, arn).await,
            Err(why) => Err(why.clone()),
        };
        // Who may not ask this may not ask it of the next one either.
        self.principal = Some(rights.as_ref().map_err(String::clone).and(principal.clone()));
        Ok(Rights { operator: principal?, lacks: rights? })
    }

    /// The user or role that the operator is. A session names its role without its path, which IAM tells.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
    async fn principal(&self) -> Result<String, String> {
        let fields: Vec<&str> = self.operator.arn.splitn(6, ':').collect();
        let [_, partition, _, _, account, resource] = fields[..] else { return Err(AwsFault::Unreadable.to_string()) };
        match resource.split('/').collect::<Vec<_>>()[..] {
            ["user", ..] => Ok(self.operator.arn.clone()),
            ["assumed-role", name, _] => {
                let asked = self.client.get_role().role_name(name).customize().interceptor(Named).send().await;
                let role = permitted(asked.map_err(|error| fault(&error))).map_err(|fault| fault.to_string())?;
                let arn = role.and_then(|answer| answer.role).map(|role| role.arn);
                Ok(arn.unwrap_or_else(|| format!("arn:{partition}:iam::{account}:role/{name}")))
            }
            _ => Err("you are neither a user nor a role of IAM".into()),
        }
    }

    async fn lacks(&self, principal: &str, lock: &str) -> Result<Option<Vec<&'static str>>, String> {
        let state = lock.strip_suffix(ENDING).unwrap_or(lock);
        let write = ["s3:PutObject"];
        if self.denied(principal, &write, state).await?.contains(&write[0]) {
            return Ok(None);
        }
        self.denied(principal, &LockAnswer::ACTIONS, lock).await.map(Some)
    }

    /// Which of these actions the principal's own policies do not allow.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>
    async fn denied(&self, principal: &str, actions: &[&'static str], arn: &str) -> Result<Vec<&'static str>, String> {
        let names = actions.iter().map(|action| (*action).to_owned()).collect();
        let question = self.client.simulate_principal_policy().policy_source_arn(principal);
        let question = question.set_action_names(Some(names)).resource_arns(arn);
        let answer = question.customize().interceptor(Named).send().await;
        let answer = answer.map_err(|error| fault(&error).to_string())?;
        let result = |action: &str| answer.evaluation_results().iter().find(|one| one.eval_action_name == action);
        let mut denied = Vec::new();
        for action in actions {
            match result(action).map(decision) {
                Some(Some(true)) => {}
                Some(Some(false)) => denied.push(*action),
                Some(None) => return Err("it depends on more than can be simulated".into()),
                None => return Err(AwsFault::Unreadable.to_string()),
            }
        }
        Ok(denied)
    }
}

/// Whether an action is allowed; None if that depends on the request.
fn decision(result: &EvaluationResult) -> Option<bool> {
    if result.eval_decision == PolicyEvaluationDecisionType::Allowed {
        return Some(true);
    }
    let of_resources = result.resource_specific_results().iter().flat_map(|one| one.missing_context_values());
    let depends = result.missing_context_values().iter().chain(of_resources).next().is_some();
    (!depends).then_some(false)
}
