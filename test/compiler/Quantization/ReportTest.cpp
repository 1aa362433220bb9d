// Figures of a report, and its text.
#include "compiler/Quantization/Report.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mobileone;

// Signal 100 + 0, noise 1 + 0: 20 dB.
TEST(Noise, IsInDecibels) {
  Noise noise;
  noise.include(10, 9);
  noise.include(0, 0);
  EXPECT_DOUBLE_EQ(noise.getSqnr(), 20);
  EXPECT_TRUE(std::isinf(Noise{1, 0}.getSqnr()));
}

TEST(Report, IsATable) {
  QuantizationReport report;
  report.layers.resize(2);
  report.layers[0].name = "stem";
  report.layers[0].kind = LayerKind::Dense;
  report.layers[0].multiplyAdds = 100;
  report.layers[0].sqnr = INFINITY;
  LayerReport &second = report.layers[1];
  second.name = "stage1.0";
  second.kind = LayerKind::Depthwise;
  second.hasIntegers = second.hasBytes = true;
  second.multiplyAdds = 300;
  second.sqnr = 31.25;
  second.alpha = 0.65;
  second.clipped = 0.0005;
  second.deadChannels = 7;
  report.images = 4;
  report.sqnr = 19.5;
  report.agreement = 0.75;
  EXPECT_EQ(
      formatReport(report),
      "layer      kind      weights result SQNR dB  alpha clipped %  dead\n"
      "stem       dense     f32     f32        inf            0.000     0\n"
      "stage1.0   depthwise int8    u8        31.2   0.65     0.050     7\n"
      "in f32: 1 of 2 layers, 25.0 % of the multiply-adds (stem)\n"
      "4 images: SQNR 19.50 dB, the same class for 75.0 %\n");
  report.agreement.reset();
  EXPECT_NE(formatReport(report).find("4 images: SQNR 19.50 dB\n"),
            std::string::npos);
}
