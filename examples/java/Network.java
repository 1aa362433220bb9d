/** The network in libnetwork.so, which network.c makes of fashion.o. */
final class Network {
  static {
    System.loadLibrary("network");
  }

  /** The probability of each class; any number of threads may call it at once. */
  static float[] classify(byte[] rgb, int width, int height) {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "expects " + width + "x" + height + " RGB pixels, but got " + rgb.length + " bytes");
    }
    return run(rgb, width, height);
  }

  private static native float[] run(byte[] rgb, int width, int height);
}
