//! stub
use super::budget::Budget;
use super::value::{Reason, Value};
pub mod convert {
    use super::super::value::*;
    pub fn to_string(v: &Value) -> Value {
        v.clone()
    }
    pub fn to_number(v: &Value) -> Value {
        v.clone()
    }
    pub fn equal(a: &Value, b: &Value) -> Option<bool> {
        Some(a.as_str()? == b.as_str()?)
    }
}
pub trait Host {}
pub fn call(name: &str, _a: Vec<Value>, _h: &dyn Host, _b: &Budget) -> Value {
    Value::unknown(Reason::Function(name.into()))
}
