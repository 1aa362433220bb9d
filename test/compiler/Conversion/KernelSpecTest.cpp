// A kernel's name is what its spec is: different for different ones.
#include "compiler/Conversion/MobileOneToLinalg/KernelSpec.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

#include <map>

using namespace mobileone;

namespace {

class KernelSpecTest : public testing::Test {
protected:
  mlir::MLIRContext context;
  mlir::Type f32 = mlir::Float32Type::get(&context);
  mlir::Type i8 = mlir::IntegerType::get(&context, 8);
  std::map<std::string, KernelSpec> specs;

  void add(const KernelSpec &spec) {
    auto [other, isNew] = specs.insert({spec.getName(), spec});
    EXPECT_TRUE(isNew || other->second == spec)
        << spec.getName() << " is the name of two kernels";
  }

  static constexpr Activation kActivations[] = {
      Activation::None,       Activation::Relu, Activation::Gelu,
      Activation::Hardswish,  Activation::Silu, Activation::Sigmoid,
      Activation::Hardsigmoid};

  /// Panels of every size, border and gap.
  std::vector<Layout> getPanels() {
    std::vector<Layout> layouts;
    for (int64_t height : {1, 11})
      for (int64_t width : {1, 11, 111})
        for (int64_t channels : {1, 16, 128})
          for (Border border :
               {Border{}, Border{1, 1, 1, 1}, Border{11, 1, 1, 1},
                Border{1, 11, 1, 1}, Border{1, 1, 11, 1}, Border{0, 0, 0, 1}})
            for (int64_t gap : {0, 1})
              layouts.push_back(
                  {Layout::Panels, height, width, channels, f32, border, gap});
    return layouts;
  }
};

} // namespace

TEST_F(KernelSpecTest, LayersHaveNamesOfTheirOwn) {
  for (const Layout &input : getPanels()) {
    for (Activation activation : kActivations) {
      for (const Layout &result :
           {input, input.getDensePanels(), input.getOnePixel(7)}) {
        LayerSpec layer{LayerSpec::Pointwise, result};
        layer.activation = activation;
        add({input, {layer}});
        layer.kind = LayerSpec::Scale;
        add({input, {layer}});
        layer.kind = LayerSpec::Depthwise;
        for (int64_t filter : {1, 3, 33})
          for (int64_t stride : {1, 2})
            for (int64_t dilation : {1, 2}) {
              layer.filterHeight = filter;
              layer.filterWidth = 34 - filter;
              layer.stride = stride;
              layer.dilation = dilation;
              add({input, {layer}});
              layer.filterWidth = 3;
              add({input, {layer}});
            }
        layer.dilation = 1;
      }
    }
    add({input, {{LayerSpec::Average, input.getOnePixel(input.channels)}}});
    add({input, {{LayerSpec::StoreFeatures, input}}});
  }
  EXPECT_GT(specs.size(), 5000u);
}

TEST_F(KernelSpecTest, ImagesHaveNamesOfTheirOwn) {
  for (Layout::Kind kind : {Layout::Planar, Layout::Interleaved})
    for (int64_t channels : {3, 4})
      for (bool isReversed : {false, true})
        for (Border border : {Border{}, Border{1, 1, 0, 0}})
          for (mlir::Type element : {f32, i8}) {
            if (kind == Layout::Planar && (isReversed || element == i8))
              continue; // no caller has such an image
            Layout source{kind, 8, 8, channels, element, {}, 0, isReversed};
            Layout image{kind, 8, 8, channels, f32, border, 0, isReversed};
            LayerSpec read{LayerSpec::ReadImage, image};
            add({source, {read}});
            for (bool skipsAlpha : {false, true}) {
              LayerSpec dense{LayerSpec::Dense,
                              {Layout::Panels, 4, 4, 16, f32},
                              3,
                              3,
                              2,
                              1,
                              Activation::None,
                              skipsAlpha};
              add({image, {dense}});
              LayerSpec depthwise = dense;
              depthwise.kind = LayerSpec::Depthwise;
              depthwise.skipsAlpha = false;
              for (int64_t rows : {1, 2}) {
                add({source,
                     {read, dense, depthwise},
                     KernelSpec::Bands,
                     rows});
                LayerSpec pointwise{LayerSpec::Pointwise, depthwise.result};
                add({source,
                     {read, dense, depthwise, pointwise},
                     KernelSpec::Bands,
                     rows});
              }
            }
          }
  EXPECT_GT(specs.size(), 100u);
}

TEST_F(KernelSpecTest, PairsAndTheirTailsHaveNamesOfTheirOwn) {
  for (int64_t channels : {16, 128})
    for (int64_t gap : {0, 1})
      for (Activation first : kActivations)
        for (Activation second : kActivations)
          for (int64_t rows : {2, 3}) {
            Layout input{Layout::Panels, 56, 56, channels, f32,
                         {2, 1, 1, 1},   gap};
            Layout result = input;
            result.border = {1, 1, 2, 1};
            KernelSpec spec{
                input,
                {{LayerSpec::Depthwise, input.getDensePanels(), 3, 3, 1, 1,
                  first},
                 {LayerSpec::Pointwise, result, 1, 1, 1, 1, second}},
                KernelSpec::BandsInPlace,
                rows};
            add(spec);
            spec.form = KernelSpec::Tail;
            add(spec);
          }
  EXPECT_EQ(specs.size(), 16u * 7 * 7);
}

// What is read and written as bytes, and by which weights.
TEST_F(KernelSpecTest, ElementsHaveNamesOfTheirOwn) {
  mlir::Type i32 = mlir::IntegerType::get(&context, 32);
  for (Layout input : getPanels())
    for (mlir::Type from : {f32, i8, i32})
      for (mlir::Type to : {f32, i8}) {
        input.element = from;
        Layout result = input.getDensePanels();
        result.element = to;
        for (auto kind : {LayerSpec::Pointwise, LayerSpec::Depthwise,
                          LayerSpec::Scale, LayerSpec::Dequantize})
          for (bool isQuantized : {false, true})
            // Bytes always have a factor.
            for (bool hasFactor : {to == i8, true}) {
              LayerSpec layer{kind, result};
              layer.isQuantized = isQuantized && kind == LayerSpec::Pointwise;
              layer.hasFactor = hasFactor || kind == LayerSpec::Dequantize;
              add({input, {layer}});
            }
        add({input, {{LayerSpec::Sum, input.getOnePixel(input.channels)}}});
      }
  EXPECT_GT(specs.size(), 4000u);
}
