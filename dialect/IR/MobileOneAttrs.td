// What is decided about a network and about its kernels, as attributes.
#ifndef MOBILEONE_DIALECT_IR_MOBILEONEATTRS_TD
#define MOBILEONE_DIALECT_IR_MOBILEONEATTRS_TD

include "dialect/IR/MobileOneDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class MobileOne_Attr<string name, string attrMnemonic>
    : AttrDef<MobileOne_Dialect, name> {
  let mnemonic = attrMnemonic;
}

def MobileOne_LayoutAttr : MobileOne_Attr<"Layout", "layout"> {
  let summary = "How a value of the network lies in memory";
  let description = [{
    Stands as `mobileone.layout` at the op whose result it describes, or at the
    function's argument where blocks read the image as it is. Height, width,
    channels and element, then what is around them:

    | kind | memory | of |
    |---|---|---|
    | `panels` | `[H][W][P][16]`, channels padded to whole panels with zeros, then `gap` panels that nobody reads | a layer's result |
    | `planar` | `[C][H][W]` | the image, from a caller's NCHW |
    | `interleaved` | `[H][W * C]`; `C` counts alpha, `reversed`: blue comes first | the image, from a caller's NHWC |

    `border` gives the rows and columns of zeros at the top, left, bottom and
    right, which are counted in neither height nor width: a padded convolution
    reads them, and the layer that writes the value lays them. Bytes are `i8` here,
    as memory has no signs.

    ```mlir
    #mobileone.layout<panels 56x56x48xf32, border = [1, 1, 1, 1], gap = 1>
    #mobileone.layout<interleaved 224x224x4xf32, border = [1, 1, 0, 0], reversed>
    ```
  }];
  let parameters = (ins AttrParameter<"::mobileone::Layout", "the layout">:$value);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def MobileOne_Packing : I32EnumAttr<"Packing", "how a filter is packed, and so which kernel reads it", [
    I32EnumAttrCase<"dense", 0>, I32EnumAttrCase<"depthwise", 1>,
    I32EnumAttrCase<"pointwise", 2>]> {
  let cppNamespace = "::mobileone";
  let genSpecializedAttr = 0;
}

def MobileOne_PackingAttr : EnumAttr<MobileOne_Dialect, MobileOne_Packing, "packing"> {
  let summary = "How a filter is packed, and so which kernel reads it";
  let description = [{
    Stands as `mobileone.packing` at a convolution. Channels are padded to whole
    panels of 16 with zeros.

    | packing | weights | of a convolution |
    |---|---|---|
    | `dense` | `[Cout / 16][H][W][Cin][16]` | over all channels of an image |
    | `depthwise` | `[H][W][C / 16][16]` | of one filter per channel |
    | `pointwise` | `[Cout / 16][Cin][16]`; of bytes by `i8` `[Cout / 16][Cin / 4][16][4]` | of 1x1 and stride 1, without padding |
  }];
  let assemblyFormat = "`<` $value `>`";
}

def MobileOne_BandsAttr : MobileOne_Attr<"Bands", "bands"> {
  let summary = "Blocks that become one kernel, which works in bands of rows";
  let description = [{
    Stands as `mobileone.bands` at the first of `layers` blocks, each of which
    is the only reader of the one before. Their kernel computes `rows` rows of
    the last block at a time, and of the others what these rows need, so that
    what is between the blocks never stands in memory whole.

    The first block reads the caller's image, or, `in_place`, a buffer over
    whose rows the result is written, one row higher.

    ```mlir
    #mobileone.bands<layers = 3, rows = 2>
    #mobileone.bands<layers = 2, rows = 2, in_place>
    ```
  }];
  let parameters = (ins "int64_t":$layers, "int64_t":$rows,
                        DefaultValuedParameter<"bool", "false">:$inPlace);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def MobileOne_ScheduleAttr : MobileOne_Attr<"Schedule", "schedule"> {
  let summary = "How the loops of a kernel run";
  let description = [{
    Stands as `mobileone.schedule` at the last op of a chain of linalg ops. Loops
    have names by what they are to the kernel's vectors: `pixels0`, `pixels1`
    and so on go over an image, the outermost first, `panels` over the vectors
    of a pixel, `lanes` over the elements of a vector. What is summed is the
    depth.

    | field | meaning |
    |---|---|
    | `pixels`, `panels`, `lanes` | size of the register tile along each loop over the result |
    | `depth` | steps of each sum that one iteration unrolls; where they are fewer than the extent there is a loop |
    | `order` | the loops over the result from the outermost to the innermost |
    | `split` | the loop whose tiles workers share: pixels or panels; by Strassen's algorithm, that they share groups of rows and tiles of panels |
    | `algorithm` | `classical`, all products, if nothing is said; `strassen<rows = N>`: a product of pixels by a matrix is made of seven products of halves, in bands of so many rows of the image; tile and order are those of each of the seven |
    | `hoist` | what an inner loop does not change stays in registers across it |
    | `prefetch` | a product by a matrix fetches the next panels' weights while these are multiplied |
    | `by_element` | it reads what a pixel has for all unrolled steps as one vector, whose elements are multiplied by those of the weights |

    `pixels`, `panels` and `depth` are left out where a kernel has no such loop.

    ```mlir
    #mobileone.schedule<pixels = [1, 8], panels = 2, lanes = 16, depth = [4], order = [panels, pixels0, pixels1, lanes], split = pixels0, prefetch>
    #mobileone.schedule<lanes = 16, order = [lanes]>
    ```
  }];
  let parameters = (ins AttrParameter<"::mobileone::Schedule", "the schedule">:$value);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // MOBILEONE_DIALECT_IR_MOBILEONEATTRS_TD
