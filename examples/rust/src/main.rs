//! Classifies a PPM image with the network in fashion.o.
use std::{env, fs, iter, process, str};

mod network;

/// Pixels, width and height after "P6\nWIDTH HEIGHT\n255\n", as most programs write a PPM.
fn read_ppm(bytes: &[u8]) -> Option<(&[u8], u32, u32)> {
    let rest = bytes.strip_prefix(b"P6\n")?;
    let mut parts = rest.splitn(3, |&byte| byte == b'\n');
    let (w, h) = str::from_utf8(parts.next()?).ok()?.split_once(' ')?;
    (parts.next()? == b"255").then(|| ())?;
    Some((parts.next()?, w.parse().ok()?, h.parse().ok()?))
}

fn run(image: &str, labels: &str) -> Result<(), String> {
    let read = |path| fs::read(path).map_err(|error| format!("{path}: {error}"));
    let (bytes, labels) = (read(image)?, read(labels)?);
    let labels = String::from_utf8_lossy(&labels);
    let (rgb, w, h) = read_ppm(&bytes).ok_or(format!("{image}: expects a binary PPM"))?;
    let output = network::classify(rgb, w, h).map_err(|error| format!("{image}: {error}"))?;
    let labels = labels.lines().chain(iter::repeat("")); // none is left without one
    let mut best: Vec<_> = output.iter().zip(labels).enumerate().collect();
    best.sort_by(|a, b| b.1 .0.total_cmp(a.1 .0));
    println!("{image}");
    for (class, (&probability, label)) in best.into_iter().take(5) {
        println!("  {:6.2} %  {class:>4}  {label}", 100.0 * f64::from(probability));
    }
    Ok(())
}

fn main() {
    let arguments: Vec<_> = env::args().collect();
    if arguments.len() != 3 {
        eprintln!("usage: classify IMAGE.ppm LABELS.txt");
        process::exit(2);
    }
    if let Err(error) = run(&arguments[1], &arguments[2]) {
        eprintln!("classify: {error}");
        process::exit(1);
    }
}
