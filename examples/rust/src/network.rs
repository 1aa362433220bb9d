//! The network in fashion.o, safe to call; declarations of fashion.h and resize.h.
use std::os::raw::c_int;

include!(concat!(env!("OUT_DIR"), "/fashion.rs")); // the sizes of fashion.h, by build.rs
const SIDE: u32 = INPUT_WIDTH as u32;

#[repr(C, align(64))] // FASHION_ARENA_ALIGN
struct Arena([u8; ARENA_BYTES]);
#[repr(C)]
struct Crop([u32; 6]); // mobileone_crop
extern "C" {
    fn fashion_run(
        input: &[u8; INPUT_BYTES], output: &mut [f32; OUTPUT_LEN], arena: &mut Arena,
    ) -> c_int;
    fn mobileone_center_crop(w: u32, h: u32, short: u32, width: u32, height: u32) -> Crop;
    fn mobileone_resize_crop(
        rgb: *const u8, w: u32, h: u32, row: usize, crop: &Crop, output: &mut [u8; INPUT_BYTES],
    ) -> c_int;
}

/// The probability of each class. Any number of threads may call it at once: each call has
/// its own arena.
pub fn classify(rgb: &[u8], w: u32, h: u32) -> Result<[f32; OUTPUT_LEN], String> {
    if w == 0 || h == 0 || rgb.len() as u64 != 3 * u64::from(w) * u64::from(h) {
        return Err(format!("expects {w}x{h} RGB pixels, but got {} bytes", rgb.len()));
    }
    let mut arena = Box::new(Arena([0; ARENA_BYTES]));
    let (mut input, mut output) = ([0; INPUT_BYTES], [0.0; OUTPUT_LEN]);
    let check = |name, code| if code == 0 { Ok(()) } else { Err(format!("{name}: error {code}")) };
    // What is read and written: rgb, whose size is checked, and buffers of the header's sizes.
    unsafe {
        let crop = mobileone_center_crop(w, h, SIDE * 256 / 224, SIDE, SIDE);
        let code = mobileone_resize_crop(rgb.as_ptr(), w, h, 3 * w as usize, &crop, &mut input);
        check("mobileone_resize_crop", code)?;
        check("fashion_run", fashion_run(&input, &mut output, &mut arena))?;
    }
    Ok(output)
}
