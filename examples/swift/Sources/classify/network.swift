// The network in fashion.o, safe to call.
import CFashion

struct NetworkError: Error, CustomStringConvertible {
  let description: String
}

/// The probability of each class; any number of threads may call it at once.
func classify(rgb: [UInt8], width: UInt32, height: UInt32) throws -> [Float] {
  guard width > 0, height > 0, UInt64(rgb.count) == 3 * UInt64(width) * UInt64(height) else {
    throw NetworkError(description: "expects \(width)x\(height) RGB pixels")
  }
  let side = UInt32(FASHION_INPUT_WIDTH)
  var crop = mobileone_center_crop(width, height, side * 256 / 224, side, side)
  var input = [UInt8](repeating: 0, count: Int(FASHION_INPUT_BYTES))
  guard mobileone_resize_crop(rgb, width, height, 3 * Int(width), &crop, &input) == 0 else {
    throw NetworkError(description: "no memory to resize the image")
  }
  var output = [Float](repeating: 0, count: Int(FASHION_OUTPUT_LEN))
  let arena = UnsafeMutableRawPointer.allocate(
    byteCount: Int(FASHION_ARENA_BYTES), alignment: Int(FASHION_ARENA_ALIGN))
  defer { arena.deallocate() }
  let error = fashion_run(input, &output, arena)
  guard error == 0 else {
    throw NetworkError(description: String(cString: mobileone_strerror(error)))
  }
  return output
}
