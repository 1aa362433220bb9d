//! Links fashion.o and resize.c, and makes constants of the numbers in fashion.h.
use std::{env, fs, process::Command};

fn main() {
    let (here, out) = (env::var("CARGO_MANIFEST_DIR").unwrap(), env::var("OUT_DIR").unwrap());
    let header = fs::read_to_string("fashion.h").expect("fashion.h");
    let constants = header.lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("#define FASHION_")?.split_once(' ')?;
        let value: usize = value.strip_suffix('u')?.parse().ok()?;
        Some(format!("#[allow(dead_code)]\nconst {name}: usize = {value};\n"))
    });
    fs::write(format!("{out}/fashion.rs"), constants.collect::<String>()).expect("OUT_DIR");

    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    let resize = format!("{out}/resize.o");
    let status = Command::new(&compiler).args(["-O2", "-c", "resize.c", "-o", &resize]).status();
    assert!(status.expect(&compiler).success(), "{compiler} cannot compile resize.c");
    for argument in [format!("{here}/fashion.o"), resize, "-lm".into()] {
        println!("cargo:rustc-link-arg={argument}");
    }
    for file in ["fashion.h", "fashion.o", "resize.c", "resize.h"] {
        println!("cargo:rerun-if-changed={file}");
    }
}
