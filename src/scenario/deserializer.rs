//! Serde's view of the tree.
//!
//! Every choice (an enum) may be written as `{"name": {…}}`, or as `"name"` alone where all parameters have
//! defaults.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, MapDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::problem::one_of;
use super::tree::{Node, Object, Value};

/// What is wrong, and the steps to it from the inside out.
#[derive(Debug)]
pub(super) struct Fault(Box<Located>);

/// A fault's parts.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) path: Vec<String>,
    pub(super) what: What,
}

/// What can be wrong with a value.
#[derive(Debug)]
pub(super) enum What {
    /// A value of the wrong kind; `found` is empty for the value itself.
    Unexpected {
        found: String,
        expected: String,
    },
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    UnknownChoice {
        written: String,
        known: &'static [&'static str],
    },
    Missing {
        key: &'static str,
    },
    NoChoice {
        known: &'static [&'static str],
    },
    TwoChoices {
        written: Vec<String>,
    },
    Other(String),
}

impl Fault {
    fn new(what: What) -> Self {
        Self(Box::new(Located {
            path: Vec::new(),
            what,
        }))
    }

    pub(super) fn into_parts(self) -> Located {
        *self.0
    }

    /// The same, seen from one step further out.
    fn under(mut self, step: &str) -> Self {
        self.0.path.push(step.to_owned());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.what)
    }
}

impl std::error::Error for Fault {}

/// What a type says that it expects, without the names of our types.
fn plain(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    if expected.starts_with("struct ") || expected == "a map" {
        return "an object".to_owned();
    }
    match expected.as_str() {
        "a sequence" => "an array".to_owned(),
        "a string" => "a text in double quotes".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "u32" | "u64" | "i64" => "a whole number".to_owned(),
        _ => expected,
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(What::Other(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Other(other) => other.to_owned(),
            _ => String::new(),
        };
        Self::new(What::Unexpected {
            found,
            expected: plain(expected),
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(written: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownChoice {
            written: written.to_owned(),
            known,
        })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownKey {
            key: key.to_owned(),
            known,
        })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(What::Missing { key })
    }
}

/// The members of an object; adds the key to what goes wrong in a value.
struct Members<'de, I> {
    rest: I,
    value: Option<(&'de str, &'de Node)>,
}

fn members(object: &Object) -> impl Iterator<Item = (&str, &Node)> {
    let present = object.present();
    present.map(|(key, member)| (key.as_str(), &member.node))
}

impl<'de, I: Iterator<Item = (&'de str, &'de Node)>> MapAccess<'de> for Members<'de, I> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        self.value = self.rest.next();
        match self.value {
            None => Ok(None),
            Some((key, _)) => seed
                .deserialize(BorrowedStrDeserializer::new(key))
                .map(Some),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.value.take() {
            None => Err(Fault::custom("a value without a key")),
            Some((key, node)) => seed.deserialize(node).map_err(|fault| fault.under(key)),
        }
    }
}

/// The items of an array; adds the index to what goes wrong in one.
struct Items<I>(I);

impl<'de, I: Iterator<Item = (usize, &'de Node)>> SeqAccess<'de> for Items<I> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let item = self.0.find(|(_, node)| !matches!(node.value, Value::Gone));
        item.map(|(index, node)| {
            let value = seed.deserialize(node);
            value.map_err(|fault| fault.under(&index.to_string()))
        })
        .transpose()
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Gone | Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => {
                if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Value::Object(object) => visitor.visit_map(Members {
                rest: members(object),
                value: None,
            }),
        }
    }

    /// Accepts 8.0 and 1e6 for 8 and 1000000, as JSON Schema's `integer` does.
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if let Value::Number(number) = &self.value
            && !number.is_u64()
            && let Some(value) = number.as_f64()
            && value.trunc() == value
            && (0.0..EXACT).contains(&value)
        {
            return visitor.visit_u64(value as u64);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// A choice without parameters may be written `{"none": null}` or, like the others, `{"none": {}}`.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Object(object) => match object.present().next() {
                None => visitor.visit_unit(),
                Some((key, _)) => Err(Fault::unknown_field(key, &[])),
            },
            Value::Null => visitor.visit_unit(),
            _ => Err(Fault::new(What::Unexpected {
                found: String::new(),
                expected: "no parameters".to_owned(),
            })),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// Serde's derived types would take an array for an object's values in order; a scenario does not.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            Value::Array(_) => Err(Fault::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Text(name) => visitor.visit_enum(Choice {
                name,
                parameters: None,
            }),
            Value::Object(object) => {
                let mut present = members(object);
                match (present.next(), present.next()) {
                    (None, _) => Err(Fault::new(What::NoChoice { known: variants })),
                    (Some((name, node)), None) => visitor.visit_enum(Choice {
                        name,
                        parameters: Some(node),
                    }),
                    _ => {
                        let unknown = members(object).find(|(name, _)| !variants.contains(name));
                        Err(match unknown {
                            Some((name, _)) => Fault::unknown_field(name, variants),
                            None => Fault::new(What::TwoChoices {
                                written: members(object).map(|(name, _)| name.to_owned()).collect(),
                            }),
                        })
                    }
                }
            }
            _ => Err(Fault::new(What::Unexpected {
                found: String::new(),
                expected: one_of(variants),
            })),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

/// A choice as written: with its parameters, or by name alone.
struct Choice<'de> {
    name: &'de str,
    parameters: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;
    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name = BorrowedStrDeserializer::new(self.name);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.parameters {
            None => Ok(()),
            Some(node) => <()>::deserialize(node).map_err(|fault| fault.under(self.name)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        match self.parameters {
            None => seed
                .deserialize(Alone)
                .map_err(|fault| fault.under(self.name)),
            Some(node) => seed
                .deserialize(node)
                .map_err(|fault| fault.under(self.name)),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        match self.parameters {
            None => Alone.deserialize_any(visitor),
            Some(node) => node.deserialize_any(visitor),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.parameters {
            None => Alone.deserialize_map(visitor),
            Some(node) => node.deserialize_any(visitor),
        }
    }
}

/// The parameters of a choice given by name alone: all defaults.
struct Alone;

impl<'de> Deserializer<'de> for Alone {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let found = Unexpected::Other("a name without its value");
        Err(Fault::invalid_type(found, &visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let none = std::iter::empty::<(&str, ())>();
        visitor.visit_map(MapDeserializer::new(none))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct enum identifier ignored_any
    }
}
