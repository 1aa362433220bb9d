// Passes that choose tiles and loop orders.
#ifndef MOBILEONE_COMPILER_SCHEDULE_PASSES_TD
#define MOBILEONE_COMPILER_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def MobileOneScheduleKernelsPass
    : Pass<"mobileone-schedule-kernels", "::mlir::ModuleOp"> {
  let summary = "Choose tiles and loop orders";
  let description = [{
    Attaches `mobileone.schedule` to the last op of each chain of linalg ops:
    the size of the register tile per parallel dimension, the order of the
    loops from outside in, the unrolled steps per reduction dimension, whether
    what an inner loop does not change stays in registers across it (`hoist`),
    and whether a product by a matrix fetches the weights of the next panels
    while it multiplies (`prefetch`). An op that has a schedule keeps it.

    A file names, by kernel, the schedules of its contractions in order, in the
    syntax of attributes, as `print` writes them:
    ```mlir
    {pointwise_14x14x256_to_14x14x256_relu = [{order = array<i64: 2, 0, 1, 3>,
      reduction = array<i64: 4>, tile = array<i64: 1, 14, 2, 16>} ]}
    ```
  }];
  let options = [
    Option<"isa", "isa", "std::string", /*default=*/"\"x86-64-v4\"",
           "ISA level to choose tiles for.">,
    Option<"file", "file", "std::string", /*default=*/"",
           "Schedules that go before the chosen ones.">,
    Option<"printSchedule", "print", "bool", /*default=*/"false",
           "Print each kernel's schedule to stderr.">
  ];
}

#endif // MOBILEONE_COMPILER_SCHEDULE_PASSES_TD
