// What an object exports, around the compiled network, on x86-64.
//
// The compiler replaces @network by the network, gives the constants @level_needed,
// @input_mask, @arena_size and @model_info their values, and puts the prefix
// before the names of the public functions.

llvm.func @network(!llvm.ptr, !llvm.ptr, !llvm.ptr)
llvm.mlir.global internal constant @level_needed(0 : i32) : i32
llvm.mlir.global internal constant @input_mask(0 : i64) : i64
llvm.mlir.global internal constant @arena_size(0 : i64) : i64
llvm.mlir.global internal constant @model_info(dense<0> : tensor<1xi8>) {alignment = 8 : i64} : !llvm.array<1 x i8>

// A header's calls refer to it under a name that holds the interface's hash.
llvm.mlir.global external constant @abi(0 : i8) : i8

// The level in use: 0 not looked for yet, 1 none.
llvm.mlir.global internal @level_in_use(0 : i32) : i32

// CPUID leaf `leaf`, subleaf 0: eax, ebx, ecx, edx. rbx may be reserved.
llvm.func internal @cpuid(%leaf: i32) -> !llvm.struct<(i32, i32, i32, i32)> {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %all = llvm.inline_asm has_side_effects asm_dialect = att
    "xchgq %rbx, ${1:q}\0A\09cpuid\0A\09xchgq %rbx, ${1:q}", "={ax},=&r,={cx},={dx},0,2,~{dirflag},~{fpsr},~{flags}"
    %leaf, %zero : (i32, i32) -> !llvm.struct<(i32, i32, i32, i32)>
  llvm.return %all : !llvm.struct<(i32, i32, i32, i32)>
}

llvm.func internal @has_all(%word: i32, %bits: i32) -> i1 {
  %found = llvm.and %word, %bits : i32
  %all = llvm.icmp "eq" %found, %bits : i32
  llvm.return %all : i1
}

// The highest level that CPU and operating system support: 0, 2, 3 or 4.
llvm.func internal @find_level() -> i32 {
  %none = llvm.mlir.constant(0 : i32) : i32
  %v2 = llvm.mlir.constant(2 : i32) : i32
  %v3 = llvm.mlir.constant(3 : i32) : i32
  %v4 = llvm.mlir.constant(4 : i32) : i32
  %leaf0 = llvm.mlir.constant(0 : i32) : i32
  %leaf1 = llvm.mlir.constant(1 : i32) : i32
  %leaf7 = llvm.mlir.constant(7 : i32) : i32
  %leaf_extended = llvm.mlir.constant(0x80000001 : i32) : i32
  // Leaf 1 ecx: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT.
  %v2_ecx = llvm.mlir.constant(0x00982201 : i32) : i32
  // Leaf 1 ecx: FMA, MOVBE, OSXSAVE, AVX, F16C.
  %v3_ecx = llvm.mlir.constant(0x38401000 : i32) : i32
  // Leaf 7 ebx: BMI1, AVX2, BMI2.
  %v3_ebx = llvm.mlir.constant(0x00000128 : i32) : i32
  // Leaf 0x80000001 ecx: LZCNT.
  %v3_extended = llvm.mlir.constant(0x00000020 : i32) : i32
  // Leaf 7 ebx: AVX512F, DQ, CD, BW, VL.
  %v4_ebx = llvm.mlir.constant(0xd0030000 : i32) : i32
  // XCR0: SSE and AVX state; with opmask, upper halves and upper registers.
  %avx_state = llvm.mlir.constant(0x06 : i32) : i32
  %avx512_state = llvm.mlir.constant(0xe6 : i32) : i32

  %0 = llvm.call @cpuid(%leaf1) : (i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %ecx = llvm.extractvalue %0[2] : !llvm.struct<(i32, i32, i32, i32)>
  %has_v2 = llvm.call @has_all(%ecx, %v2_ecx) : (i32, i32) -> i1
  llvm.cond_br %has_v2, ^maybe_v3, ^found(%none : i32)
^maybe_v3:
  %has_v3_ecx = llvm.call @has_all(%ecx, %v3_ecx) : (i32, i32) -> i1
  %1 = llvm.call @cpuid(%leaf0) : (i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %last_leaf = llvm.extractvalue %1[0] : !llvm.struct<(i32, i32, i32, i32)>
  %has_leaf7 = llvm.icmp "uge" %last_leaf, %leaf7 : i32
  %may_be_v3 = llvm.and %has_v3_ecx, %has_leaf7 : i1
  // OSXSAVE is among the bits: XGETBV is allowed behind this branch alone.
  llvm.cond_br %may_be_v3, ^look_for_v3, ^found(%v2 : i32)
^look_for_v3:
  %zero = llvm.mlir.constant(0 : i32) : i32
  %xcr0 = llvm.inline_asm has_side_effects asm_dialect = att
    "xgetbv", "={ax},{cx},~{dx},~{dirflag},~{fpsr},~{flags}" %zero : (i32) -> i32
  %2 = llvm.call @cpuid(%leaf7) : (i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %ebx = llvm.extractvalue %2[1] : !llvm.struct<(i32, i32, i32, i32)>
  %3 = llvm.call @cpuid(%leaf_extended) : (i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %extended = llvm.extractvalue %3[2] : !llvm.struct<(i32, i32, i32, i32)>
  %has_v3_ebx = llvm.call @has_all(%ebx, %v3_ebx) : (i32, i32) -> i1
  %has_v3_extended = llvm.call @has_all(%extended, %v3_extended) : (i32, i32) -> i1
  %has_avx_state = llvm.call @has_all(%xcr0, %avx_state) : (i32, i32) -> i1
  %4 = llvm.and %has_v3_ebx, %has_v3_extended : i1
  %has_v3 = llvm.and %4, %has_avx_state : i1
  llvm.cond_br %has_v3, ^look_for_v4, ^found(%v2 : i32)
^look_for_v4:
  %has_v4_ebx = llvm.call @has_all(%ebx, %v4_ebx) : (i32, i32) -> i1
  %has_avx512_state = llvm.call @has_all(%xcr0, %avx512_state) : (i32, i32) -> i1
  %has_v4 = llvm.and %has_v4_ebx, %has_avx512_state : i1
  %5 = llvm.select %has_v4, %v4, %v3 : i1, i32
  llvm.br ^found(%5 : i32)
^found(%level: i32):
  llvm.return %level : i32
}

// P_isa: the level of the code that runs here, 0 where the CPU lacks it.
llvm.func @isa() -> i32 {
  %none = llvm.mlir.constant(0 : i32) : i32
  %unsupported = llvm.mlir.constant(1 : i32) : i32
  %word = llvm.mlir.addressof @level_in_use : !llvm.ptr
  %known = llvm.load %word atomic monotonic {alignment = 4 : i64} : !llvm.ptr -> i32
  %is_known = llvm.icmp "ne" %known, %none : i32
  llvm.cond_br %is_known, ^answer(%known : i32), ^look
^look:
  // Threads that come here at once store the same word.
  %needed_at = llvm.mlir.addressof @level_needed : !llvm.ptr
  %needed = llvm.load %needed_at : !llvm.ptr -> i32
  %host = llvm.call @find_level() : () -> i32
  %is_enough = llvm.icmp "uge" %host, %needed : i32
  %found = llvm.select %is_enough, %needed, %unsupported : i1, i32
  llvm.store %found, %word atomic monotonic {alignment = 4 : i64} : i32, !llvm.ptr
  llvm.br ^answer(%found : i32)
^answer(%level: i32):
  %is_none = llvm.icmp "eq" %level, %unsupported : i32
  %result = llvm.select %is_none, %none, %level : i1, i32
  llvm.return %result : i32
}

// P_info
llvm.func @info() -> !llvm.ptr {
  %info = llvm.mlir.addressof @model_info : !llvm.ptr
  llvm.return %info : !llvm.ptr
}

// P_arena_bytes: one image on one worker, or 0.
llvm.func @arena_bytes(%batch: i32, %workers: i32) -> i64 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i32) : i32
  %size_at = llvm.mlir.addressof @arena_size : !llvm.ptr
  %size = llvm.load %size_at : !llvm.ptr -> i64
  %is_one_image = llvm.icmp "eq" %batch, %one : i32
  %is_one_worker = llvm.icmp "ule" %workers, %one : i32
  %is_possible = llvm.and %is_one_image, %is_one_worker : i1
  %result = llvm.select %is_possible, %size, %zero : i1, i64
  llvm.return %result : i64
}

// P_run: refuses before any work, computes under fixed rounding (to nearest,
// denormals are zero, all exceptions masked), restores the caller's.
llvm.func @run(%input: !llvm.ptr, %output: !llvm.ptr, %arena: !llvm.ptr) -> i32 {
  %ok = llvm.mlir.constant(0 : i32) : i32
  %null_buffer = llvm.mlir.constant(-1 : i32) : i32
  %misaligned_buffer = llvm.mlir.constant(-2 : i32) : i32
  %unsupported_cpu = llvm.mlir.constant(-3 : i32) : i32
  %zero = llvm.mlir.constant(0 : i64) : i64
  %output_mask = llvm.mlir.constant(3 : i64) : i64
  %arena_mask = llvm.mlir.constant(63 : i64) : i64
  %one = llvm.mlir.constant(1 : i32) : i32
  %mode = llvm.mlir.constant(0x9fc0 : i32) : i32
  %null = llvm.mlir.zero : !llvm.ptr
  %saved_mode = llvm.alloca %one x i32 : (i32) -> !llvm.ptr
  %own_mode = llvm.alloca %one x i32 : (i32) -> !llvm.ptr

  %0 = llvm.icmp "eq" %input, %null : !llvm.ptr
  %1 = llvm.icmp "eq" %output, %null : !llvm.ptr
  %2 = llvm.icmp "eq" %arena, %null : !llvm.ptr
  %3 = llvm.or %0, %1 : i1
  %is_null = llvm.or %3, %2 : i1
  llvm.cond_br %is_null, ^return(%null_buffer : i32), ^check_alignment
^check_alignment:
  %input_mask_at = llvm.mlir.addressof @input_mask : !llvm.ptr
  %input_mask = llvm.load %input_mask_at : !llvm.ptr -> i64
  %4 = llvm.ptrtoint %input : !llvm.ptr to i64
  %5 = llvm.ptrtoint %output : !llvm.ptr to i64
  %6 = llvm.ptrtoint %arena : !llvm.ptr to i64
  %7 = llvm.and %4, %input_mask : i64
  %8 = llvm.and %5, %output_mask : i64
  %9 = llvm.and %6, %arena_mask : i64
  %10 = llvm.or %7, %8 : i64
  %11 = llvm.or %10, %9 : i64
  %is_misaligned = llvm.icmp "ne" %11, %zero : i64
  llvm.cond_br %is_misaligned, ^return(%misaligned_buffer : i32), ^check_cpu
^check_cpu:
  %level = llvm.call @isa() : () -> i32
  %is_unsupported = llvm.icmp "eq" %level, %ok : i32
  llvm.cond_br %is_unsupported, ^return(%unsupported_cpu : i32), ^compute
^compute:
  llvm.call_intrinsic "llvm.x86.sse.stmxcsr"(%saved_mode) : (!llvm.ptr) -> ()
  llvm.store %mode, %own_mode : i32, !llvm.ptr
  llvm.call_intrinsic "llvm.x86.sse.ldmxcsr"(%own_mode) : (!llvm.ptr) -> ()
  llvm.call @network(%input, %output, %arena) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call_intrinsic "llvm.x86.sse.ldmxcsr"(%saved_mode) : (!llvm.ptr) -> ()
  llvm.br ^return(%ok : i32)
^return(%error: i32):
  llvm.return %error : i32
}
