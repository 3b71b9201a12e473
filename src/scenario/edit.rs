use super::problem::Problem;
pub fn set(text: &str, pointer: &str, json_value: &str) -> Result<String, Problem> {
    todo!()
}
