#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stayfresh_fuzz::small_run(data));
