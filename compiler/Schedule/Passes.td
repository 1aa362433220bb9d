// Passes that choose tiles and loop orders.
#ifndef MOBILEONE_COMPILER_SCHEDULE_PASSES_TD
#define MOBILEONE_COMPILER_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def MobileOneScheduleKernelsPass
    : Pass<"mobileone-schedule-kernels", "::mlir::ModuleOp"> {
  let summary = "Choose tiles and loop orders";
  let description = [{
    Attaches `#mobileone.schedule`, the size of its register tile and the order
    of its loops, to the last op of each chain of linalg ops. An op that has a
    schedule keeps it.

    A file names, by kernel, the schedules of its contractions in order, in the
    syntax of attributes, as `print` writes them:
    ```mlir
    {pointwise_14x14x256_to_14x14x256_relu =
      [#mobileone.schedule<pixels = [1, 14], panels = 2, lanes = 16, depth = [4],
                           order = [panels, pixels0, pixels1, lanes]>]}
    ```
  }];
  let dependentDialects = ["::mobileone::MobileOneDialect"];
  let options = [
    Option<"isa", "isa", "std::string", /*default=*/"::mobileone::getDefaultLevel().name.str()",
           "ISA level to choose tiles for.">,
    Option<"file", "file", "std::string", /*default=*/"",
           "Schedules that go before the chosen ones.">,
    Option<"algorithm", "algorithm", "::mobileone::Algorithm",
           /*default=*/"::mobileone::Algorithm::Auto",
           "How pointwise layers are computed.", "::mobileone::getAlgorithmValues()">,
    Option<"printSchedule", "print", "bool", /*default=*/"false",
           "Print each kernel's schedule to stderr.">
  ];
}

#endif // MOBILEONE_COMPILER_SCHEDULE_PASSES_TD
