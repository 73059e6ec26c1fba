//! `minted-credential-spread`

use super::minted::{instead, is_set, minting_of, open_question};
use crate::finding::{Finding, FixAvailability, Level, Place, Related, Severity};
use crate::resolve::schema::Minting;
use crate::resolve::{
    Declared, Inflow, InstanceId, Mode, Role, Seek, Spring, Tree, Written, inflows, resources_of, written,
};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "minted-credential-spread",
    group: Group::Configuration,
    summary: "a minted credential is copied on: into a Kubernetes secret, a parameter, an output, another state",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Follows a long-lived credential that a resource mints (`aws_iam_access_key.ci.secret`) through references, locals,
variables, templates, loops and module calls, and reports every resource, output of a root module and input of a module
outside the repository that it ends in. The finding draws the path. A copy in a store of secrets, and an output of a
module that others call, are notes. What is encrypted with `pgp_key` is not followed.

## Why it matters
Every copy is one more place to leak from, with readers of its own: whoever may read secrets of a namespace, parameters
of an account, or the state that holds an output. A rotation must reach them all.

## Bad
```hcl
resource "aws_iam_access_key" "key" {
  user = "ci"
}

resource "kubernetes_secret" "credentials" {
  metadata {
    name = "credentials"
  }

  data = {
    access_key_id     = aws_iam_access_key.key.id
    secret_access_key = aws_iam_access_key.key.secret
  }
}
```

## Good
```hcl
resource "aws_iam_access_key" "key" {
  user    = "ci"
  pgp_key = "keybase:platform"
}

resource "kubernetes_secret" "credentials" {
  metadata {
    name = "credentials"
  }

  data = {
    access_key_id    = aws_iam_access_key.key.id
    encrypted_secret = aws_iam_access_key.key.encrypted_secret
  }
}
```

## Remedy
Give the consumer an identity of its own, as the finding says for the type, so that there is nothing to copy. Where a
credential is needed, keep it in one store of secrets and let its consumers read it there.

## References
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles>
"#,
    check: Check::Module(check),
};

/// Resources that keep secrets and do nothing else with them: the place for what cannot be done without.
const STORES: [&str; 12] = [
    "akeyless_static_secret",
    "aws_secretsmanager_secret_version",
    "azurerm_key_vault_secret",
    "conjur_secret",
    "doppler_secret",
    "google_secret_manager_secret_version",
    "infisical_secret",
    "oci_vault_secret",
    "onepassword_item",
    "vault_generic_secret",
    "vault_kv_secret",
    "vault_kv_secret_v2",
];

/// Arguments of Terraform itself, which are copied nowhere.
const META: [&str; 5] = ["count", "depends_on", "for_each", "lifecycle", "provider"];

/// A tree, and the credentials that are minted in it.
struct Minted<'t> {
    tree: &'t Tree<'t>,
    by_address: BTreeMap<String, (Minting, Place)>,
}

/// What a credential may end in.
struct Sink<'s, 't> {
    address: String,
    instance: InstanceId,
    declared: &'s Declared<'t>,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Resource,
    Store,
    Output,
    Module,
}

/// Once for a whole tree, at its root: the credential and its copies may stand in any of the modules.
fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if context.instance != 0 {
        return;
    }
    let tree = context.tree;
    let mints = |instance: InstanceId| tree.module(instance).resources.values().any(|declared| is_minting(declared));
    let instances: Vec<InstanceId> = (0..tree.instances.len()).collect();
    if !instances.iter().any(|instance| mints(*instance)) {
        return;
    }
    let minted = Minted::in_tree(tree);
    if minted.by_address.is_empty() {
        return;
    }
    for instance in instances {
        for resource in resources_of(tree, instance).filter(|resource| resource.mode != Mode::Ephemeral) {
            let what = if STORES.contains(&resource.kind) { What::Store } else { What::Resource };
            let address = resource.address().to_owned();
            minted.judge(&Sink { address, instance, declared: &resource.declared, what }, findings);
        }
        let module = tree.module(instance);
        for (name, call) in &module.calls {
            if tree.program.callee(module, call).is_none() {
                let address = tree.address(instance, &format!("module.{name}"));
                minted.judge(&Sink { address, instance, declared: call, what: What::Module }, findings);
            }
        }
    }
    for (name, output) in &context.module.outputs {
        let sink = Sink { address: format!("output.{name}"), instance: 0, declared: output, what: What::Output };
        let before = findings.0.len();
        minted.judge(&sink, findings);
        if !matches!(context.role, Role::Root(_)) {
            let made = findings.0.split_off(before);
            findings.0.extend(made.into_iter().map(open_question));
        }
    }
}

fn is_minting(declared: &Declared<'_>) -> bool {
    declared.first().block.kind == "resource"
        && Minting::of_resource(declared.label(0)).is_some_and(|minting| minting.is_credential)
}

impl<'t> Minted<'t> {
    fn in_tree(tree: &'t Tree<'t>) -> Self {
        let mut by_address = BTreeMap::new();
        for instance in 0..tree.instances.len() {
            for resource in resources_of(tree, instance).filter(|resource| is_minting(&resource.declared)) {
                let clear =
                    |minting: &Minting| minting.encryption().is_none_or(|argument| !is_set(&resource, argument));
                if let Some(minting) = minting_of(&resource).filter(clear) {
                    by_address.insert(resource.address().to_owned(), (minting, resource.block().header()));
                }
            }
        }
        Self { tree, by_address }
    }

    fn judge(&self, sink: &Sink<'_, 't>, findings: &mut Findings) {
        for argument in written(sink.declared) {
            let top = argument.path.split('.').next().unwrap_or("");
            if META.contains(&top) {
                continue;
            }
            let mut known = BTreeSet::new();
            for inflow in inflows(self.tree, sink.instance, sink.declared, &argument, Seek::References) {
                let Spring::Resource { address, attribute } = &inflow.spring else { continue };
                if *address == sink.address || known.contains(address) {
                    continue;
                }
                if let Some(finding) = self.finding(sink, &argument, &inflow, (address, attribute)) {
                    known.insert(address.clone());
                    findings.push(finding);
                }
            }
        }
    }

    fn finding(
        &self,
        sink: &Sink<'_, 't>,
        argument: &Written<'_>,
        inflow: &Inflow,
        spring: (&str, &str),
    ) -> Option<Finding> {
        let (minting, place) = self.by_address.get(spring.0).filter(|(minting, _)| minting.concerns(spring.1))?;
        let (address, attribute) = spring;
        let credential = if attribute.is_empty() { address.to_owned() } else { format!("{address}.{attribute}") };
        let (into, why) = match sink.what {
            What::Resource => (format!("{}.{}", sink.address, argument.path), "whoever can read that has it"),
            What::Store => (format!("{}.{}", sink.address, argument.path), "a rotation must reach it there"),
            What::Output => (sink.address.clone(), "whoever can read the state through it has it"),
            What::Module => {
                (format!("{}.{}", sink.address, argument.path), "where it goes from there is not in this repository")
            }
        };
        let message = format!("`{credential}` ({}) is copied into `{into}`: {why}", minting.mints);
        let way = instead(minting);
        let remedy = match sink.what {
            _ if way.is_empty() => "keep it in one store of secrets, and let its consumers read it there".to_owned(),
            _ => format!("{way}. Else keep it in one store of secrets, and let its consumers read it there"),
        };
        let mut finding = Finding::new(RULE.id, inflow.entry.clone(), message)
            .address(&sink.address)
            .attribute(&argument.path)
            .module(module_name(&self.tree.module(sink.instance).directory))
            .remedy(remedy)
            .related(place.clone(), format!("{address} mints it"));
        let stations = inflow.way.iter().map(|one| (one.place.clone(), one.name.to_string()));
        finding.related.extend(stations.map(|(place, message)| Related::station(place, message)));
        Some(if sink.what == What::Store { open_question(finding) } else { finding })
    }
}
