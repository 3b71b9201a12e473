pub fn schema() -> serde_json::Value {
    serde_json::Value::from(schemars::schema_for!(super::Scenario))
}
