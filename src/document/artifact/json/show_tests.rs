//! What `show -json` and `output -json` print.

use super::super::Format;
use super::tests::{record_as, seen};

#[test]
fn shown_states_have_full_addresses() {
    let text = r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{"outputs":{"pw":{"sensitive":true,"value":"p","type":"string"}},
        "root_module":{"resources":[{"address":"aws_x.a[0]","mode":"managed","type":"aws_x","name":"a","index":0,
            "values":{"password":"q","tags":{"Name":"n"},"list":[{"k":"l"},{"k":"m"}]},
            "sensitive_values":{"password":true,"tags":{},"list":[{},{"k":true}]},"identity":{"id":"i"}}],
        "child_modules":[{"resources":[{"address":"module.m[\"x\"].data.aws_y.b","mode":"data","type":"aws_y","name":"b",
            "values":{"v":"w"},"sensitive_values":{}}],"address":"module.m[\"x\"]"}]}},"checks":[]}"#;
    let expected = [
        "Output output.pw  = p !",
        "Resource aws_x.a[0] <aws_x> password = q !",
        "Resource aws_x.a[0] <aws_x> tags.Name = n",
        "Resource aws_x.a[0] <aws_x> list.k = l",
        "Resource aws_x.a[0] <aws_x> list.k = m !",
        "Resource aws_x.a[0] <aws_x> identity.id = i",
        r#"Data module.m["x"].data.aws_y.b <aws_y> v = w"#,
    ];
    assert_eq!(seen(text), (Format::StateJson, expected.map(str::to_owned).to_vec()));
    let empty = r#"{"format_version":"1.0","terraform_version":"1.11.4"}"#;
    assert_eq!(seen(empty), (Format::StateJson, Vec::new()));
}

#[test]
fn terraform_0_12_leaves_out_modules_and_instances() {
    let text = r#"{"format_version":"0.1","terraform_version":"0.12.31","values":{"root_module":{"child_modules":[
        {"resources":[{"address":"a.b","mode":"managed","type":"a","name":"b","index":"k","values":{"v":"w"}},
        {"address":"a.c","type":"a","values":{"v":"x"}}],"address":"module.m","child_modules":[
        {"resources":[{"address":"a.d","type":"a","values":{"v":"y"}}],"address":"module.m.module.n"}]}]}}}"#;
    let expected = [
        r#"Resource module.m.a.b["k"] <a> v = w"#,
        "Resource module.m.a.c <a> v = x",
        "Resource module.m.module.n.a.d <a> v = y",
    ];
    assert_eq!(seen(text).1, expected);
}

#[test]
fn plans_show_what_is_and_what_shall_be() {
    let text = r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"pw":{"value":"secret"},"n":{"value":7}},
        "planned_values":{"root_module":{"resources":[{"address":"t.r","mode":"managed","type":"t","name":"r","values":{"a":"1"},"sensitive_values":{"a":true}}]}},
        "resource_drift":[{"address":"t.r","mode":"managed","type":"t","change":{"actions":["update"],"before":{"a":"2"},"after":{"a":"3"},"before_sensitive":false,"after_sensitive":{"a":true}}}],
        "resource_changes":[{"address":"module.m.data.t.r[\"x\"]","mode":"data","type":"t","name":"r","index":"x","deposed":"0001",
            "change":{"actions":["create"],"before":null,"after":{"a":{"b":"4"}},"after_unknown":{"id":true},"before_sensitive":false,"after_sensitive":true,
            "after_identity":{"id":"5"},"generated_config":"resource"}}],
        "deferred_changes":[{"reason":"unknown","resource_change":{"address":"t.d","mode":"managed","type":"t","change":{"after":{"z":"9"}}}}],
        "output_changes":{"o":{"actions":["update"],"before":"old","after":{"k":"new"},"before_sensitive":true,"after_sensitive":{"k":true}}},
        "prior_state":{"format_version":"1.0","values":{"outputs":{"o":{"sensitive":true,"value":"old"}},"root_module":{}}},
        "configuration":{"root_module":{"variables":{"pw":{"default":"d","sensitive":true},"n":{"default":1}}}}}"#;
    let expected = [
        "Resource t.r <t> a = 1 !",
        "Resource t.r <t> a = 2",
        "Resource t.r <t> a = 3 !",
        r#"Data module.m.data.t.r["x"] <t> a.b = 4 !"#,
        r#"Data module.m.data.t.r["x"] <t> identity.id = 5 !"#,
        r#"Data module.m.data.t.r["x"] <t> generated_config = resource !"#,
        "Resource t.d <t> z = 9",
        "Output output.o  = old !",
        "Output output.o k = new !",
        "Output output.o  = old !",
        "Variable var.pw  = d !",
        "Variable var.n  = 1",
        "Variable var.pw  = secret !",
        "Variable var.n  = 7",
    ];
    assert_eq!(seen(text), (Format::PlanJson, expected.map(str::to_owned).to_vec()));
}

#[test]
fn literals_of_a_plans_configuration_are_seen() {
    let text = r#"{"format_version":"1.2","terraform_version":"1.11.4","configuration":{
        "provider_config":{"aws":{"name":"aws","full_name":"f","expressions":{"access_key":{"constant_value":"A"},
            "region":{"references":["var.r"]},"assume_role":[{"external_id":{"constant_value":"e"}}]}},
          "module.x:aws.london":{"name":"aws","alias":"london","module_address":"module.x","expressions":{"token":{"constant_value":"t"}}},
          "module.y:azurerm.b":{"expressions":{"client_secret":{"constant_value":"c"}}}},
        "root_module":{"outputs":{"o":{"sensitive":true,"expression":{"constant_value":{"k":"v"}}}},
          "resources":[{"address":"data.a.b","mode":"data","type":"a","name":"b","expressions":{"password_wo":{"constant_value":"w"},"block":[{"inner":{"constant_value":["l"]}}]},
            "provisioners":[{"type":"local-exec","expressions":{"command":{"constant_value":"echo"}}}]}],
          "module_calls":{"m":{"source":"./m","expressions":{"pw":{"constant_value":"p"},"user":{"constant_value":"u"}},
            "module":{"resources":[{"address":"c.d","mode":"managed","type":"c","expressions":{"e":{"constant_value":"f"}}}],
              "variables":{"pw":{"sensitive":true},"user":{"default":"nobody"}}}}}}}}"#;
    let expected = [
        "Provider provider.aws <aws> access_key = A",
        "Provider provider.aws <aws> assume_role.external_id = e",
        "Provider module.x.provider.aws.london <aws> token = t",
        "Provider module.y.provider.azurerm.b <azurerm> client_secret = c",
        "Output output.o k = v !",
        "Data data.a.b <a> password_wo = w",
        "Data data.a.b <a> block.inner = l",
        "Data data.a.b <a> provisioner.command = echo",
        "Resource module.m.c.d <c> e = f",
        "Variable module.m.var.user  = nobody",
        "Variable module.m.var.pw  = p !",
        "Variable module.m.var.user  = u",
    ];
    assert_eq!(seen(text), (Format::PlanJson, expected.map(str::to_owned).to_vec()));
}

#[test]
fn printed_outputs_are_read() {
    let text = r#"{"version":{"sensitive":false,"type":"string","value":"v"},"pw":{"sensitive":true,"type":"string","value":"p"}}"#;
    let expected = ["Output output.version  = v", "Output output.pw  = p !"];
    assert_eq!(seen(text), (Format::OutputsJson, expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_mark_of_a_variable_may_stand_before_it() {
    let text = r#"{"configuration":{"root_module":{"variables":{"pw":{"sensitive":true}}}},"variables":{"pw":{"value":{"a":["b"]}}},
        "format_version":"1.2"}"#;
    let (_, recorder) = record_as("plan.json", text.as_bytes(), false);
    assert_eq!(recorder.seen, ["Variable var.pw a = b !"]);
}
