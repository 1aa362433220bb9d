// Passes from linalg on tensors to vectors on one arena.
#ifndef MOBILEONE_COMPILER_CODEGEN_PASSES_TD
#define MOBILEONE_COMPILER_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def MobileOneExpandStrassenPass
    : Pass<"mobileone-expand-strassen", "::mlir::ModuleOp"> {
  let summary = "Make seven products of halves of a product of matrices";
  let description = [{
    A kernel whose schedule names Strassen's algorithm multiplies its pixels by
    the weights, as until here, in one linalg op. That becomes loops over bands
    of rows and tiles of panels, in which linalg ops add halves of the pixels and
    of the weights, multiply seven times, and add what they made to the result's
    halves. Each op is on slices and has a schedule of its own, so that all that
    follows treats it as any other.

    With `sums = compile` the kernel takes sums of weights in the place of the
    weights, and its calls pass constants with them. With `levels = 2` it calls a
    new function, NAME.product, seven times, which adds a product of halves to a
    half of the result, and makes it of seven products.

    The sums of pixels stand in buffers, new arguments in front of the result: each worker
    needs its own (`mobileone.worker_bytes`), and each call passes some.

    A product has a third input that its body does not use: weights that are
    next, which vector code fetches meanwhile.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect", "::mlir::func::FuncDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MobileOneLowerLayerHooksPass
    : Pass<"mobileone-lower-layer-hooks", "::mlir::ModuleOp"> {
  let summary = "Let the network stop between layers";
  let description = [{
    Gives the network, the public function, a pointer as its last argument and a
    status as its result. It hands the pointer, behind which the entry points keep
    the call that is on its way, to the hooks that the conversion placed around
    each layer, `begin_layer` and `end_layer` (compiler/Contract/Contract.h), whose
    addresses become pointers, and returns what `end_layer` returns if that is not 0.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::LLVM::LLVMDialect"
  ];
}

def MobileOneLowerOutputsPass
    : Pass<"mobileone-lower-outputs", "::mlir::ModuleOp"> {
  let summary = "Hand the network one table of buffers for its outputs";
  let description = [{
    Until here each output of the network, the public function of the LLVM
    dialect, is an argument of its own. Puts a pointer to their addresses into
    their place: so all networks have the type of compiler/Contract/Contract.h.
  }];
}

def MobileOneLowerSharedCallsPass
    : Pass<"mobileone-lower-shared-calls", "::mlir::ModuleOp"> {
  let summary = "Let the entry points call kernels that workers can share";
  let description = [{
    In the LLVM dialect: where the network calls a kernel with
    `mobileone.units`, it now puts the operands into an array and calls
    `run_parts` of compiler/Contract/Contract.h with a function that takes such
    an array and a range of units. That function exchanges the buffers of which
    each worker, or each share of the units, needs one of its own, for places in
    blocks that it is given. The network's attribute `mobileone.worker_bytes`
    says how large a block is.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MobileOneLowerVectorsPass
    : Pass<"mobileone-lower-vectors", "::mlir::func::FuncOp"> {
  let summary = "Turn transfers into loads and stores, exp and erf into arithmetic";
  let description = [{
    `vector.transfer_read` and `vector.transfer_write` become `vector.load` and
    `vector.store`; `math.exp` and `math.erf` become upstream's polynomials, and
    their `math.fma` `vector.fma`, so that no call of a mathematics library is left at any level.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"
  ];
}

def MobileOneLowerWeightsPass
    : Pass<"mobileone-lower-weights", "::mlir::ModuleOp"> {
  let summary = "Hand the network its weights";
  let description = [{
    Gives the network, the public function, a last argument `memref<Nxi8>` in the
    place of the module's one global, which `mobileone-merge-weights` made: the
    entry points know whether the weights are in the object or in a file of the
    caller (compiler/Contract/Contract.h). Kernels get views of them as operands.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def MobileOneMergeWeightsPass
    : Pass<"mobileone-merge-weights", "::mlir::ModuleOp"> {
  let summary = "Put all constants into one global";
  let description = [{
    Replaces the constant tensors of a module by views of one 64-byte aligned
    `memref.global @weights : memref<Nxi8>`: one symbol and one base address for
    all weights, and one copy for the code of all ISA levels. Each different
    constant stands there once, at a multiple of 64.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def MobileOnePlanArenaPass
    : Pass<"mobileone-plan-arena", "::mlir::ModuleOp"> {
  let summary = "Give every buffer of the network a place in one arena";
  let description = [{
    Replaces the allocations of the network function, whose body is a straight
    line of kernel calls, by views of a last argument `memref<Nxi8>`, so that
    buffers share bytes exactly when their lives do not overlap. Places are
    found largest buffer first, each at the lowest free multiple of 64
    (greedy by size: Pisarchyk and Lee, arXiv 2001.03288, section 4.3).

    Only the public function of the module is planned; a kernel has no buffers
    of its own.
  }];
  let options = [Option<"printPlan", "print-plan", "bool", /*default=*/"false",
                        "Print each buffer's place and life, and what is alive at once, to stderr.">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def MobileOneSplitKernelsPass
    : Pass<"mobileone-split-kernels", "::mlir::ModuleOp"> {
  let summary = "Let several workers share a kernel";
  let description = [{
    A kernel whose schedule names a loop to split gets two more arguments
    of type `index`: from which to which of its units it works, a unit being one
    tile of that loop or, where the loop over panels is outside, one of
    both. The attribute `mobileone.units` says how many it has, and each call of
    it passes 0 and that number. Zeros beside the result come with unit 0.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def MobileOneVerifyCodegenPass
    : Pass<"mobileone-verify-codegen", "::mlir::ModuleOp"> {
  let summary = "Check the promise of the vector stage";
  let description = [{
    Fails where a tensor, a dynamic shape, a heap allocation, a `linalg` op or a
    scalar loop is left: an innermost loop without vectors, or with arithmetic
    on single floats.
  }];
}

def MobileOneVectorizeKernelsPass
    : Pass<"mobileone-vectorize-kernels", "::mlir::func::FuncOp"> {
  let summary = "Turn linalg ops into loops over register tiles";
  let description = [{
    Each chain of linalg ops (bias, contraction, activation) becomes one loop
    nest whose body computes a tile of vectors in registers and stores it once,
    as `mobileone.schedule` says. Static shapes only. An op that cannot be
    covered with whole vectors is an error, so no scalar loop can be left over.
    What an input holds that the body does not use is only fetched into the
    cache, if the schedule says so.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::mlir::vector::VectorDialect"
  ];
  let options = [
    Option<"isa", "isa", "std::string", /*default=*/"::mobileone::getDefaultLevel().name.str()",
           "ISA level whose instructions multiply bytes.">
  ];
}

#endif // MOBILEONE_COMPILER_CODEGEN_PASSES_TD
