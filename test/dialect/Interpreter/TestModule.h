// A module parsed from text, and its one function run by the interpreter.
#ifndef MOBILEONE_TEST_DIALECT_INTERPRETER_TESTMODULE_H
#define MOBILEONE_TEST_DIALECT_INTERPRETER_TESTMODULE_H

#include "dialect/IR/MobileOneOps.h"
#include "dialect/Interpreter/Interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

class TestModule {
public:
  /// Takes the text of a function. Parse errors go to stderr.
  explicit TestModule(const std::string &text) {
    context.loadDialect<mlir::func::FuncDialect, mobileone::MobileOneDialect>();
    context.allowUnregisteredDialects();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  }

  mlir::func::FuncOp getFunc() {
    return *module->getOps<mlir::func::FuncOp>().begin();
  }

  /// The first result's values, none after an error.
  std::vector<double> run(const mobileone::Tensor64 &image) {
    auto result = mobileone::interpret(getFunc(), image);
    return succeeded(result) ? result->front().values : std::vector<double>();
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

#endif // MOBILEONE_TEST_DIALECT_INTERPRETER_TESTMODULE_H
