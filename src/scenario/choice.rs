//! A choice with parameters: `{"push": {"loss": 0.01}}`, or `"push"` alone where all have defaults.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

/// Reads an enum written either way; for `#[serde(deserialize_with)]`.
///
/// # Errors
/// Those of `T`, for the written form.
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Either(PhantomData))
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object with one name and its parameters")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<T, E> {
        // A choice without parameters is a unit variant; any other takes an empty object.
        let unit: Result<T, E> = T::deserialize(StrDeserializer::new(name));
        unit.or_else(|unit_error| {
            if unit_error.to_string().starts_with("unknown variant") {
                return Err(unit_error);
            }
            let none = std::iter::empty::<(&str, ())>();
            T::deserialize(MapAccessDeserializer::new(MapDeserializer::new(
                std::iter::once((name, Empty(MapDeserializer::new(none)))),
            )))
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// An empty object, as a value.
struct Empty<D>(D);

impl<'de, D: Deserializer<'de>> de::IntoDeserializer<'de, D::Error> for Empty<D> {
    type Deserializer = D;
    fn into_deserializer(self) -> D {
        self.0
    }
}
