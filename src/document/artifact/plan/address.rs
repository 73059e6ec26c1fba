//! What the address of a resource instance says.

use super::super::{Owner, Section, address};

/// The owner that an address names: `module.a["x.y"].data.aws_ssm_parameter.token[0]`.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/addrs/parse_target.go>
pub(super) fn owner(address: &str) -> Owner {
    let mut parts = Parts(address);
    let mut part = parts.next();
    while part == Some("module") {
        // Its name, and what follows it.
        part = parts.nth(1);
    }
    let section = match part {
        Some("data") => Section::Data,
        // What a plan invokes besides: `action.aws_lambda_invoke.notify`.
        Some("action") => Section::Other,
        _ => Section::Resource,
    };
    let kind = if section == Section::Resource { part } else { parts.next() };
    Owner { section, address: address.to_owned(), kind: kind.unwrap_or_default().to_owned() }
}

/// The parts of an address between the dots outside brackets.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
        let end = self.0.bytes().position(|byte| {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'[' if !quoted => bracketed = true,
                b']' if !quoted => bracketed = false,
                _ => {}
            }
            byte == b'.' && !quoted && !bracketed
        });
        let (part, rest) = end.map_or((self.0, ""), |end| (&self.0[..end], &self.0[end + 1..]));
        self.0 = rest;
        Some(part)
    }
}

/// The parts of an address as plans up to 1.0 hold them.
///
/// <https://github.com/hashicorp/terraform/blob/v0.12.0/plans/internal/planproto/planfile.proto>
/// (`ResourceInstanceChange`)
#[derive(Default)]
pub(super) struct OldAddress<'a> {
    /// The module's address; empty for the root module.
    pub(super) module: &'a str,
    /// Whether it is a data source.
    pub(super) data: bool,
    /// The resource type.
    pub(super) kind: &'a str,
    /// The resource's name.
    pub(super) name: &'a str,
    /// The key of an instance of `for_each`.
    pub(super) key: Option<&'a str>,
    /// The index of an instance of `count`.
    pub(super) index: Option<u64>,
}

impl OldAddress<'_> {
    /// The address in one text.
    pub(super) fn text(&self) -> String {
        let key = match (self.key, self.index) {
            (Some(key), _) => address::string_key(key),
            (None, Some(index)) => address::number_key(&index.to_string()),
            (None, None) => String::new(),
        };
        address::in_module(self.module, &format!("{}{key}", address::resource(self.data, self.kind, self.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_and_type_of_an_address() {
        for (address, section, kind) in [
            ("random_password.admin", Section::Resource, "random_password"),
            ("data.aws_ssm_parameter.token[0]", Section::Data, "aws_ssm_parameter"),
            ("module.db.random_password.admin", Section::Resource, "random_password"),
            (r#"module.a["x.data.y"].module.b[1].data.http.z"#, Section::Data, "http"),
            (r#"module.a["]\".q"].aws_db_instance.main["a.b"]"#, Section::Resource, "aws_db_instance"),
            ("module.m.action.aws_lambda_invoke.n", Section::Other, "aws_lambda_invoke"),
            ("module", Section::Resource, ""),
            ("module.a", Section::Resource, ""),
            ("", Section::Resource, ""),
        ] {
            let owner = owner(address);
            assert_eq!((owner.section, owner.kind.as_str(), owner.address.as_str()), (section, kind, address));
        }
    }

    #[test]
    fn old_addresses_are_put_together() {
        let old =
            OldAddress { module: "module.a.module.b", kind: "aws_x", name: "y", index: Some(0), ..<_>::default() };
        assert_eq!(old.text(), "module.a.module.b.aws_x.y[0]");
        let old = OldAddress { data: true, kind: "http", name: "y", key: Some(r#"a"b"#), ..<_>::default() };
        assert_eq!(old.text(), r#"data.http.y["a\"b"]"#);
    }
}
