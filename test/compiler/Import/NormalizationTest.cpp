// What --mean and --std mean: which units, and which numbers are none.
#include "compiler/Import/Normalization.h"
#include "gtest/gtest.h"

using namespace mobileone;

using Values = std::vector<double>;

namespace {

struct Parsed {
  Normalization normalization;
  std::string remark;
  std::string error;
};

} // namespace

static Parsed parse(std::optional<llvm::StringRef> mean,
                    std::optional<llvm::StringRef> std, size_t least = 3) {
  Parsed parsed;
  llvm::Expected<Normalization> result =
      parseNormalization(mean, std, least, parsed.remark);
  if (result)
    parsed.normalization = *result;
  else
    parsed.error = llvm::toString(result.takeError());
  return parsed;
}

TEST(Normalization, WhatIsNotGivenIsImageNets) {
  Parsed parsed = parse(std::nullopt, std::nullopt);
  EXPECT_EQ(parsed.normalization.mean, (Values{0.485, 0.456, 0.406}));
  EXPECT_EQ(parsed.normalization.std, (Values{0.229, 0.224, 0.225}));
  parsed = parse(" 0.5, 0.25 ,0", std::nullopt);
  EXPECT_EQ(parsed.normalization.mean, (Values{0.5, 0.25, 0}));
  EXPECT_EQ(parsed.normalization.std, (Values{0.229, 0.224, 0.225}));
  EXPECT_EQ(parsed.remark, "");
}

TEST(Normalization, OneIsStillOfPixelsUpToOne) {
  Parsed parsed = parse("0,0,1", "1,1,1");
  EXPECT_EQ(parsed.normalization.mean, (Values{0, 0, 1}));
  EXPECT_EQ(parsed.normalization.std, (Values{1, 1, 1}));
  EXPECT_EQ(parsed.remark, "");
}

TEST(Normalization, AboveOneAllAreOfPixelsUpTo255) {
  // To the last bit what 0..1 says, though 57.12 / 255 in float64 is not.
  Parsed parsed = parse("123.675,116.28,103.53", "58.395,57.12,57.375");
  EXPECT_EQ(parsed.normalization.mean, (Values{0.485, 0.456, 0.406}));
  EXPECT_EQ(parsed.normalization.std, (Values{0.229, 0.224, 0.225}));
  EXPECT_EQ(parsed.remark,
            "--mean and --std are of pixels in 0..255, and become "
            "--mean=0.485,0.456,0.406 --std=0.229,0.224,0.225");
  // A mean of 0 and a deviation of 1 are of either.
  parsed = parse("0,0,0", "255,255,127.5");
  EXPECT_EQ(parsed.normalization.mean, (Values{0, 0, 0}));
  EXPECT_EQ(parsed.normalization.std, (Values{1, 1, 0.5}));
  parsed = parse("0,51,0", "1,1,1");
  EXPECT_EQ(parsed.normalization.mean, (Values{0, 0.2, 0}));
  EXPECT_EQ(parsed.normalization.std[0], 0.00392156862745098);
}

TEST(Normalization, OneFlagAloneIsInItsDefaultsUnits) {
  EXPECT_EQ(parse("123.675,116.28,103.53", std::nullopt).error,
            "--mean and --std expect the same units: numbers above 1 are of "
            "pixels in 0..255, but got only --mean=123.675,116.28,103.53, "
            "which is 0.485,0.456,0.406 in 0..1");
  EXPECT_EQ(parse(std::nullopt, "58.395,57.12,57.375").error,
            "--mean and --std expect the same units: numbers above 1 are of "
            "pixels in 0..255, but got only --std=58.395,57.12,57.375, which "
            "is 0.229,0.224,0.225 in 0..1");
}

TEST(Normalization, UnitsAreNotMixed) {
  EXPECT_EQ(parse("123.675,116.28,103.53", "0.229,0.224,0.225").error,
            "--mean and --std expect the same units: numbers above 1 are of "
            "pixels in 0..255, but got --mean=123.675,116.28,103.53 "
            "--std=0.229,0.224,0.225");
  EXPECT_NE(parse("0.485,0.456,0.406", "58.395,57.12,57.375").error, "");
  EXPECT_NE(parse("0.485,116.28,103.53", "58.395,57.12,57.375").error, "");
}

TEST(Normalization, ThereAreThreeNumbers) {
  for (const char *text : {"", "0.5", "0.5,0.5", "0.5,0.5,0.5,0.5", "1,1,1,"})
    EXPECT_EQ(parse(text, std::nullopt).error,
              "--mean expects 3 numbers with commas between, but got '" +
                  std::string(text) + "'");
}

TEST(Normalization, ThereAreFewerForOtherChannels) {
  Parsed parsed = parse("0.5", "0.25", /*least=*/1);
  EXPECT_EQ(parsed.normalization.mean, (Values{0.5}));
  EXPECT_EQ(parsed.normalization.std, (Values{0.25}));
  parsed = parse("127.5,0", "255,51", /*least=*/1);
  EXPECT_EQ(parsed.normalization.mean, (Values{0.5, 0}));
  EXPECT_EQ(parsed.normalization.std, (Values{1, 0.2}));
  for (const char *std : {"0.5,0.5", "0.5,0.5,0.5"})
    EXPECT_EQ(parse("0.5", std, /*least=*/1).error,
              "--mean and --std expect as many numbers as each other, but got "
              "1 and " +
                  std::to_string(llvm::StringRef(std).count(',') + 1));
  EXPECT_NE(parse("0.5", std::nullopt, /*least=*/1).error, "");
  EXPECT_EQ(parse("1,1,1,1", std::nullopt, /*least=*/1).error,
            "--mean expects 1 to 3 numbers with commas between, but got "
            "'1,1,1,1'");
}

TEST(Normalization, NumbersAreThoseThatFloatsHold) {
  for (const char *item : {"", " ", "x", "nan", "inf", "-inf", "0x1p3", "1.5f",
                           "1e39", "-1e39", "1e999", "1e-320", "1e-39", "1 2"})
    EXPECT_EQ(parse(std::nullopt, "1," + std::string(item) + ",1").error,
              "--std expects numbers that a float can hold, but got '" +
                  std::string(item) + "'");
}

TEST(Normalization, NumbersAreThoseOfPictures) {
  EXPECT_EQ(parse("0,-0.5,0", std::nullopt).error,
            "--mean expects numbers of pixels in 0..1 or 0..255, but got -0.5");
  EXPECT_EQ(parse("0,256,0", "1,1,1").error,
            "--mean expects numbers of pixels in 0..1 or 0..255, but got 256");
  EXPECT_EQ(parse(std::nullopt, "1,0,1").error,
            "--std expects numbers above 0, but got 0");
  EXPECT_EQ(parse(std::nullopt, "1,1,-1").error,
            "--std expects numbers above 0, but got -1");
}
