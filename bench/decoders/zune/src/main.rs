//! Decodes JPEG files with zune-jpeg into .ppm files beside each other:
//! `decode FOLDER FILE...`
use std::{env, error::Error, fs, io::Write, path::Path};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    for path in &arguments[2..] {
        let file = fs::read(path)?;
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&file), options);
        let pixels = decoder.decode().map_err(|error| format!("{path}: {error:?}"))?;
        let (width, height) = decoder.dimensions().ok_or("no dimensions")?;
        let name = Path::new(path).file_name().ok_or("no name")?.to_string_lossy();
        let mut output = fs::File::create(Path::new(&arguments[1]).join(format!("{name}.ppm")))?;
        write!(output, "P6 {width} {height} 255\n")?;
        output.write_all(&pixels)?;
    }
    Ok(())
}
