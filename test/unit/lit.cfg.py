# GoogleTest binaries: each of their tests is one of lit's.
import os

import lit.formats

config.name = "mobileone-unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.test_source_root = config.mobileone_unit_root
config.test_exec_root = config.mobileone_unit_root
# The packaged LLVM is not instrumented: what its allocators poison and ours
# read would be a false alarm.
config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
if "MOBILEONE_SHARED_DATA" in os.environ:
    config.environment["MOBILEONE_SHARED_DATA"] = os.environ["MOBILEONE_SHARED_DATA"]
