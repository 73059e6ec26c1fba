//! Which keys of the JSON syntax are blocks, and how the strings beside them are read.
//!
//! From <https://github.com/hashicorp/terraform/tree/main/internal/configs> (`configFileSchema`,
//! `terraformBlockSchema`, `ResourceBlockSchema` and their kin) and OpenTofu's `encryption`. What a provider's schema
//! would make a nested block stays an attribute with an object: a reader treats both alike.

/// How a string is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// As it is: Terraform evaluates it without a context.
    Literal,
    /// As a template.
    Template,
    /// As a reference or type, if it is one.
    Reference,
}

/// What the body of a block may hold.
pub(super) struct Schema {
    /// Block types, with their number of labels and their own schema.
    blocks: &'static [(&'static str, usize, &'static Schema)],
    /// Attributes whose strings are read otherwise than those of all others.
    special: &'static [(&'static str, Text)],
    /// How all others are read.
    text: Text,
}

impl Schema {
    /// The number of labels and the schema of a block type.
    pub(super) fn block(&self, kind: &str) -> Option<(usize, &'static Schema)> {
        self.blocks.iter().find(|block| block.0 == kind).map(|block| (block.1, block.2))
    }

    /// How the strings in an attribute are read.
    pub(super) fn reading(&self, attribute: &str) -> Text {
        self.special.iter().find(|special| special.0 == attribute).map_or(self.text, |special| special.1)
    }
}

/// `*.tfvars.json` and backend configuration.
pub(super) static VALUES: Schema = Schema { blocks: &[], special: &[], text: Text::Literal };

/// Configuration files, tests and queries.
pub(super) static ROOT: Schema = Schema {
    blocks: &[
        ("terraform", 0, &TERRAFORM),
        ("provider", 1, &PLAIN),
        ("variable", 1, &VARIABLE),
        ("locals", 0, &PLAIN),
        ("output", 1, &OUTPUT),
        ("module", 1, &MODULE),
        ("resource", 2, &RESOURCE),
        ("data", 2, &RESOURCE),
        ("ephemeral", 2, &RESOURCE),
        ("action", 2, &ACTION),
        ("list", 2, &ACTION),
        ("moved", 0, &MOVED),
        ("removed", 0, &REMOVED),
        ("import", 0, &IMPORT),
        ("check", 1, &CHECK),
        ("run", 1, &RUN),
        ("variables", 0, &PLAIN),
        ("mock_provider", 1, &MOCK_PROVIDER),
        ("override_resource", 0, &OVERRIDE),
        ("override_data", 0, &OVERRIDE),
        ("override_module", 0, &OVERRIDE),
    ],
    special: &[],
    text: Text::Template,
};

static PLAIN: Schema = Schema { blocks: &[], special: &[], text: Text::Template };

static TERRAFORM: Schema = Schema {
    blocks: &[
        ("backend", 1, &VALUES),
        ("cloud", 0, &VALUES),
        ("required_providers", 0, &VALUES),
        ("provider_meta", 1, &VALUES),
        ("state_store", 1, &STATE_STORE),
        ("encryption", 0, &PLAIN),
    ],
    special: &[("experiments", Text::Reference)],
    text: Text::Literal,
};

static STATE_STORE: Schema = Schema { blocks: &[("provider", 1, &VALUES)], special: &[], text: Text::Literal };

static VARIABLE: Schema = Schema {
    blocks: &[("validation", 0, &PLAIN)],
    special: &[("type", Text::Reference)],
    // Defaults, descriptions and flags are all evaluated without a context.
    text: Text::Literal,
};

static OUTPUT: Schema = Schema {
    blocks: &[("precondition", 0, &PLAIN), ("postcondition", 0, &PLAIN)],
    special: &[("depends_on", Text::Reference), ("description", Text::Literal)],
    text: Text::Template,
};

static MODULE: Schema = Schema {
    blocks: &[],
    special: &[("depends_on", Text::Reference), ("providers", Text::Reference)],
    text: Text::Template,
};

static RESOURCE: Schema = Schema {
    blocks: &[
        ("lifecycle", 0, &LIFECYCLE),
        ("connection", 0, &PLAIN),
        ("provisioner", 1, &PROVISIONER),
        ("dynamic", 1, &DYNAMIC),
    ],
    special: &[("depends_on", Text::Reference), ("provider", Text::Reference)],
    text: Text::Template,
};

static LIFECYCLE: Schema = Schema {
    blocks: &[("precondition", 0, &PLAIN), ("postcondition", 0, &PLAIN), ("action_trigger", 0, &ACTION_TRIGGER)],
    special: &[("ignore_changes", Text::Reference), ("replace_triggered_by", Text::Reference)],
    text: Text::Template,
};

static ACTION_TRIGGER: Schema =
    Schema { blocks: &[], special: &[("events", Text::Reference), ("actions", Text::Reference)], text: Text::Template };

static PROVISIONER: Schema = Schema {
    blocks: &[("connection", 0, &PLAIN)],
    special: &[("when", Text::Reference), ("on_failure", Text::Reference)],
    text: Text::Template,
};

static DYNAMIC: Schema =
    Schema { blocks: &[("content", 0, &CONTENT)], special: &[("iterator", Text::Reference)], text: Text::Template };

static CONTENT: Schema = Schema { blocks: &[("dynamic", 1, &DYNAMIC)], special: &[], text: Text::Template };

static ACTION: Schema =
    Schema { blocks: &[("config", 0, &PLAIN)], special: &[("provider", Text::Reference)], text: Text::Template };

static MOVED: Schema =
    Schema { blocks: &[], special: &[("from", Text::Reference), ("to", Text::Reference)], text: Text::Template };

static REMOVED: Schema = Schema {
    blocks: &[("lifecycle", 0, &LIFECYCLE), ("connection", 0, &PLAIN), ("provisioner", 1, &PROVISIONER)],
    special: &[("from", Text::Reference)],
    text: Text::Template,
};

static IMPORT: Schema =
    Schema { blocks: &[], special: &[("to", Text::Reference), ("provider", Text::Reference)], text: Text::Template };

static CHECK: Schema =
    Schema { blocks: &[("data", 2, &RESOURCE), ("assert", 0, &PLAIN)], special: &[], text: Text::Template };

static RUN: Schema = Schema {
    blocks: &[
        ("plan_options", 0, &PLAIN),
        ("assert", 0, &PLAIN),
        ("variables", 0, &PLAIN),
        ("module", 0, &VALUES),
        ("override_resource", 0, &OVERRIDE),
        ("override_data", 0, &OVERRIDE),
        ("override_module", 0, &OVERRIDE),
        ("backend", 1, &VALUES),
    ],
    special: &[("command", Text::Reference), ("providers", Text::Reference), ("expect_failures", Text::Reference)],
    text: Text::Template,
};

static MOCK_PROVIDER: Schema = Schema {
    blocks: &[
        ("mock_resource", 1, &PLAIN),
        ("mock_data", 1, &PLAIN),
        ("override_resource", 0, &OVERRIDE),
        ("override_data", 0, &OVERRIDE),
    ],
    special: &[],
    text: Text::Template,
};

static OVERRIDE: Schema = Schema { blocks: &[], special: &[("target", Text::Reference)], text: Text::Template };
