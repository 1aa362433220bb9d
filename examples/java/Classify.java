import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Classifies a PNG. */
final class Classify {
  /** Red, green and blue of each pixel; alpha is not blended. */
  static byte[] readPixels(java.awt.image.BufferedImage image) {
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    boolean grey = image.getColorModel().getNumColorComponents() == 1; // getRGB() would brighten it
    for (int i = 0; i < rgb.length / 3; ++i) {
      int x = i % image.getWidth();
      int y = i / image.getWidth();
      int pixel = grey ? image.getRaster().getSample(x, y, 0) * 0x10101 : image.getRGB(x, y);
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return rgb;
  }

  static void run(String file, List<String> labels) throws IOException {
    var image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(Path.of(file))));
    if (image == null) {
      throw new IOException("expects an image");
    }
    float[] output = Network.classify(readPixels(image), image.getWidth(), image.getHeight());
    if (labels.size() < output.length) {
      throw new IOException("expects " + output.length + " labels, but got " + labels.size());
    }
    System.out.println(file);
    IntStream.range(0, output.length)
        .boxed()
        .sorted(Comparator.comparing(i -> -output[i]))
        .limit(5)
        .forEach(
            i ->
                System.out.printf(
                    Locale.ROOT, "  %6.2f %%  %4d  %s%n", 100.0 * output[i], i, labels.get(i)));
  }

  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: java Classify IMAGE.png LABELS.txt");
      System.exit(2);
    }
    try {
      run(arguments[0], Files.readAllLines(Path.of(arguments[1])));
    } catch (IOException error) {
      System.err.println("classify: " + String.join(" ", arguments) + ": " + error);
      System.exit(1);
    }
  }
}
