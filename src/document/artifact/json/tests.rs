//! Every shape that Terraform's own structures allow: what is seen, under which address, where.

use super::super::{Format, Leaf, Owner, Reading, Visitor, read};
use crate::text::{RepoPath, Span};

/// Hears of everything, or of what is marked alone.
pub(super) struct Recorder<'t> {
    text: &'t [u8],
    wants: bool,
    pub(super) seen: Vec<String>,
    asked: Vec<String>,
}

impl Visitor for Recorder<'_> {
    fn wants(&mut self, owner: &Owner, attribute: &str, span: Option<Span>, marked: bool) -> bool {
        let span = span.expect("a file has spans");
        assert!(span.range().end <= self.text.len());
        self.asked.push(format!("{} {attribute}{}", owner.address, if marked { " !" } else { "" }));
        self.wants
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        let raw = &self.text[leaf.span.expect("a file has spans").range()];
        if leaf.number {
            assert_eq!(raw, leaf.text.as_bytes(), "a number is told as it is written");
        } else if let Ok(text) = serde_json::from_slice::<String>(raw) {
            assert_eq!(text, leaf.text, "the span holds what is told");
        } else {
            assert!(raw.starts_with(b"\"") && raw.ends_with(b"\""), "a damaged string has its quotes");
        }
        let kind = if owner.kind.is_empty() { String::new() } else { format!(" <{}>", owner.kind) };
        let mark = if leaf.marked { " !" } else { "" };
        self.seen.push(format!("{:?} {}{kind} {} = {}{mark}", owner.section, owner.address, leaf.path, leaf.text));
    }
}

pub(super) fn record_as<'t>(path: &str, text: &'t [u8], wants: bool) -> (Reading, Recorder<'t>) {
    let mut recorder = Recorder { text, wants, seen: Vec::new(), asked: Vec::new() };
    let reading = read(&RepoPath::new(path), text, &mut recorder);
    (reading, recorder)
}

pub(super) fn seen(text: &str) -> (Format, Vec<String>) {
    let (reading, recorder) = record_as("x", text.as_bytes(), true);
    assert_eq!(reading.problems, []);
    (reading.format, recorder.seen)
}

/// A state of version 4 with these members of an instance.
fn v4(instance: &str) -> String {
    format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{{}},"resources":[
        {{"module":"module.db[\"x\"]","mode":"managed","type":"random_password","name":"admin",
          "provider":"provider[\"registry.terraform.io/hashicorp/random\"]","instances":[{{{instance}}}]}}]}}"#
    )
}

const RESOURCE: &str = r#"Resource module.db["x"].random_password.admin"#;

fn of_instance(instance: &str) -> Vec<String> {
    let (format, seen) = seen(&v4(instance));
    assert_eq!(format, Format::State { version: 4 });
    let strip = |line: String| line.strip_prefix(RESOURCE).map(str::to_owned).unwrap_or(line);
    seen.into_iter().map(strip).collect()
}

#[test]
fn v4_values_have_addresses_and_paths() {
    let seen = of_instance(
        r#""index_key":0,"schema_version":3,"attributes":{"result":"s\u00e9\"cret","length":16,"special":true,
        "keepers":{"a.b":"1","empty":""},"list":[{"inner":["x",1e3]}],"none":null},"private":"e30=","identity":{"id":"7"},
        "dependencies":["a.b"],"create_before_destroy":true,"sensitive_attributes":[[{"type":"get_attr","value":"result"}]]"#,
    );
    let expected = [
        "[0] <random_password> result = sé\"cret !",
        "[0] <random_password> length = 16",
        "[0] <random_password> keepers.a.b = 1",
        "[0] <random_password> list.inner = x",
        "[0] <random_password> list.inner = 1e3",
        "[0] <random_password> private = e30=",
        "[0] <random_password> identity.id = 7",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn v4_instances_are_told_apart() {
    assert_eq!(of_instance(r#""index_key":"a\"$","attributes":{"a":"v"}"#), [r#"["a\"$"] <random_password> a = v"#]);
    assert_eq!(
        of_instance(r#""attributes":{"a":"v"},"index_key":12,"deposed":"00000001""#),
        ["[12] <random_password> a = v"]
    );
    let deposed =
        of_instance(r#""attributes":{"a":"v"}},{"deposed":"00000001","status":"tainted","attributes":{"a":"w"}"#);
    assert_eq!(deposed, [" <random_password> a = v", " <random_password> a = w"]);
}

#[test]
fn v4_values_of_a_type_of_their_own_stand_for_their_object() {
    let seen = of_instance(
        r#""attributes":{"input":{"value":{"password":"p","user":"u"},"type":["object",{"password":"string"}]},
        "one":{"value":"v","type":"string"},"list":[{"value":["w"],"type":["tuple",["string"]]}],
        "pair":{"type":"PLAINTEXT","value":"x"},"more":{"value":"y","type":"string","name":"n"},
        "inner":{"value":{"value":"z","type":"string"},"type":["map","string"]}},
        "sensitive_attributes":[[{"type":"get_attr","value":"input"},{"type":"get_attr","value":"password"}],
        [{"type":"get_attr","value":"list"},{"type":"index","value":{"value":0,"type":"number"}},
         {"type":"index","value":{"value":0,"type":"number"}}]]"#,
    );
    let expected = [
        " <random_password> input.password = p !",
        " <random_password> input.user = u",
        " <random_password> one = v",
        " <random_password> list = w !",
        " <random_password> pair.type = PLAINTEXT",
        " <random_password> pair.value = x",
        " <random_password> more.value = y",
        " <random_password> more.type = string",
        " <random_password> more.name = n",
        " <random_password> inner.value = z",
        " <random_password> inner.type = string",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn v4_flat_attributes_are_those_of_an_older_provider() {
    let seen = of_instance(
        r#""attributes_flat":{"password":"p","tags.%":"1","tags.Name":"n","ingress.#":"1","ingress.2541437006.cidr.0":"c"},
        "sensitive_attributes":[[{"type":"get_attr","value":"password"}]]"#,
    );
    let expected = [
        " <random_password> password = p !",
        " <random_password> tags.Name = n",
        " <random_password> ingress.cidr = c",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn what_nobody_wants_is_told_only_where_it_is_marked() {
    let text = v4(r#""attributes":{"a":"1","b":{"c":"2","d":["3"]},"e":"4"},"sensitive_attributes":[
        [{"type":"get_attr","value":"b"},{"type":"get_attr","value":"d"}],[{"type":"get_attr","value":"e"}]]"#);
    let (_, recorder) = record_as("x", text.as_bytes(), false);
    assert_eq!(
        recorder.seen,
        [format!("{RESOURCE} <random_password> b.d = 3 !"), format!("{RESOURCE} <random_password> e = 4 !")]
    );
    let address = RESOURCE.trim_start_matches("Resource ");
    assert_eq!(recorder.asked, [format!("{address} a"), format!("{address} b"), format!("{address} e !")]);
}

#[test]
fn keys_may_come_in_any_order_and_twice() {
    let text = r#"{"resources":[{"instances":[{"sensitive_attributes":["r"],"attributes":{"r":"one"},"index_key":"k",
        "attributes":{"r":"two"}}],"type":"t","name":"n","mode":"data","module":"module.m"}],
        "outputs":{"o":{"sensitive":true,"value":{"x":["y"]}}},"lineage":"l","version":3,"version":4}"#;
    let (format, seen) = seen(text);
    assert_eq!(format, Format::State { version: 4 });
    let expected = [
        r#"Data module.m.data.t.n["k"] <t> r = one !"#,
        r#"Data module.m.data.t.n["k"] <t> r = two !"#,
        "Output output.o x = y !",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn old_states_are_read_by_their_modules() {
    let text = r#"{"version":3,"terraform_version":"0.11.14","serial":1,"lineage":"l","modules":[
        {"path":["root"],"outputs":{"pw":{"sensitive":true,"type":"string","value":"p"},
            "m":{"sensitive":false,"type":"map","value":{"a":"b"}}},
         "resources":{"aws_db_instance.main.1":{"type":"aws_db_instance","depends_on":["x"],
            "primary":{"id":"i","attributes":{"id":"i","password":"q","tags.%":"1","tags.Name":"n"},"meta":{"timeouts":{"a":60}},"tainted":true},
            "deposed":[{"id":"j","attributes":{"password":"old"}}],"provider":"provider.aws"},
          "data.aws_ssm_parameter.t":{"type":"aws_ssm_parameter","primary":{"attributes":{"value":"v"}}}},"depends_on":[]},
        {"resources":{"random_id.x":{"type":"random_id","primary":{"attributes":{"hex":"h"}}}},
         "outputs":{"o":"plain"},"path":["root","db","inner"]}]}"#;
    let (format, seen) = seen(text);
    assert_eq!(format, Format::State { version: 3 });
    let expected = [
        "Output output.pw  = p !",
        "Output output.m a = b",
        "Resource aws_db_instance.main[1] <aws_db_instance> id = i",
        "Resource aws_db_instance.main[1] <aws_db_instance> password = q",
        "Resource aws_db_instance.main[1] <aws_db_instance> tags.Name = n",
        "Resource aws_db_instance.main[1] <aws_db_instance> meta.timeouts.a = 60",
        "Resource aws_db_instance.main[1] <aws_db_instance> password = old",
        "Data data.aws_ssm_parameter.t <aws_ssm_parameter> value = v",
        "Resource module.db.module.inner.random_id.x <random_id> hex = h",
        "Output module.db.module.inner.output.o  = plain",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn version_1_has_lists_of_tainted_instances_and_plain_outputs() {
    let text = r#"{"version":1,"serial":2,"remote":{"type":"atlas","config":{"access_token":"t"}},"modules":[{"path":["root"],
        "outputs":{"o":"v"},"resources":{"a.b":{"type":"a","primary":null,"tainted":[{"attributes":{"p":"q"}}]}}}]}"#;
    let (format, seen) = seen(text);
    assert_eq!(format, Format::State { version: 1 });
    let expected =
        ["Backend terraform.backend.atlas <atlas> access_token = t", "Output output.o  = v", "Resource a.b <a> p = q"];
    assert_eq!(seen, expected);
}

#[test]
fn the_backend_cache_is_told_by_its_content() {
    let new = r#"{"version":3,"terraform_version":"1.11.4","backend":{"type":"s3","config":{"access_key":"A","token":null,
        "max_retries":3,"encrypt":true,"assume_role":{"external_id":"e","tags":null}},"hash":1}}"#;
    let expected = [
        "Backend terraform.backend.s3 <s3> access_key = A",
        "Backend terraform.backend.s3 <s3> max_retries = 3",
        "Backend terraform.backend.s3 <s3> assume_role.external_id = e",
    ];
    assert_eq!(seen(new), (Format::BackendCache, expected.map(str::to_owned).to_vec()));

    let empty_modules = r#","modules":[{"path":["root"],"outputs":{},"resources":{},"depends_on":[]}]}"#;
    for (head, address) in [
        (
            r#"{"version":3,"serial":2,"lineage":"l","backend":{"type":"http","config":{"password":"p"},"hash":3}"#,
            "backend.http> <http",
        ),
        (r#"{"version":3,"serial":0,"remote":{"type":"s3","config":{"password":"p"}}"#, "backend.s3> <s3"),
        (r#"{"version":3,"lineage":"l","backend":{"config":{"password":"p"},"type":"cloud"}"#, "cloud> <cloud"),
    ] {
        let (format, seen) = seen(&format!("{head}{empty_modules}"));
        let (address, kind) = address.split_once('>').expect("both are given");
        assert_eq!(
            (format, seen),
            (Format::BackendCache, vec![format!("Backend terraform.{address}{kind}> password = p")])
        );
    }

    let store = r#"{"version":3,"terraform_version":"1.14.0","state_store":{"type":"aws_s3","provider":{"version":"1.0.0",
        "source":"registry.terraform.io/hashicorp/aws","config":{"access_key":"A"},"hash":1},"config":{"bucket":"b"},"hash":2}}"#;
    let expected = [
        "Backend terraform.state_store.aws_s3 <aws_s3> bucket = b",
        "Provider terraform.state_store.aws_s3.provider.aws <aws> access_key = A",
    ];
    assert_eq!(seen(store), (Format::BackendCache, expected.map(str::to_owned).to_vec()));
}

#[test]
fn encrypted_states_and_plans_are_recognised() {
    let state = r#"{"serial":3,"lineage":"l","meta":{"key_provider.pbkdf2.p":"e30="},"encrypted_data":"QUFB","encryption_version":"v0"}"#;
    assert_eq!(seen(state), (Format::EncryptedState, Vec::new()));
    let plan = r#"{"meta":{"key_provider.pbkdf2.p":"e30="},"encrypted_data":"QUFB","encryption_version":"v0"}"#;
    assert_eq!(seen(plan), (Format::EncryptedPlan, Vec::new()));
}

#[test]
fn later_versions_are_read_as_far_as_they_go() {
    let text = r#"{"version":5,"terraform_version":"2.0.0","novelty":{"token":"t"},"resources":[{"mode":"managed","type":"t",
        "name":"n","instances":[{"attributes":{"a":"b"},"novelty":"c"}]}]}"#;
    let (format, seen) = seen(text);
    assert_eq!(format, Format::State { version: 5 });
    assert_eq!(seen, ["Other  novelty.token = t", "Resource t.n <t> a = b", "Resource t.n <t> novelty = c"]);
}

#[test]
fn other_json_is_none_of_these() {
    let others = [
        "",
        "[]",
        "1",
        "{}",
        r#"{"version":3,"sources":["a"],"mappings":"AAAA"}"#,
        r#"{"version":1,"resources":[]}"#,
        r#"{"Modules":[{"Key":"","Source":"","Dir":"."}]}"#,
        r#"{"name":"x","version":"1.0.0","lockfileVersion":3}"#,
        r#"{"format_version":"1.0","provider_schemas":{}}"#,
        r#"{"format_version":"1.0","valid":true,"diagnostics":[]}"#,
        r#"{"a":{"value":"x"},"b":{"sensitive":true,"type":"string","value":"v"}}"#,
        "{\"a",
    ];
    for text in others {
        let (reading, recorder) = record_as("x.json", text.as_bytes(), true);
        assert_eq!((reading.format, recorder.seen), (Format::Other, Vec::new()), "{text}");
    }
}

#[test]
fn the_name_decides_where_the_keys_say_too_little() {
    let text = r#"{"version":4,"resources":[{"mode":"managed","type":"t","name":"n","instances":[{"attributes":{"a":"b"}}]}]}"#;
    assert_eq!(seen(text).0, Format::Other);
    for name in ["terraform.tfstate", "a/errored.tfstate", "terraform.tfstate.1700000000.backup"] {
        let (reading, recorder) = record_as(name, text.as_bytes(), true);
        assert_eq!(reading.format, Format::State { version: 4 });
        assert_eq!(recorder.seen, ["Resource t.n <t> a = b"]);
    }
}
