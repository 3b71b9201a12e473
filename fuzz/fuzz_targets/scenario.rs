#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stayfresh_fuzz::scenario(data));
