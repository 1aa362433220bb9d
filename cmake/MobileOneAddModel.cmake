# mobileone_add_model(): a library made of a checkpoint, in an app's own build.
#
#   mobileone_add_model(
#     TARGET name               # the library, and its header name.h
#     CHECKPOINT file           # relative to the current source folder, or absolute
#     [VARIANT s0|...|file.json] [INPUT layout] [CHANNELS order] [MEAN r,g,b] [STD r,g,b]
#     [IMAGE_SIZE HxW...] [KEY path] [STRIP_PREFIX prefix] [HEADS key...] [BN_EPSILON number]
#     [ALLOW_NON_FINITE] [BATCH count...] [OUTPUT kind...] [FEATURE_LAYOUT nchw|nhwc]
#     [PREFIX name]
#     [TARGET_TRIPLE triple] [ISA level...] [WEIGHTS embed|external] [INSTRUMENT what] [ALGORITHM name]
#     [SCHEDULE file] [ALSO hpp]
#     [FLAGS flag...])          # further flags of mobileone-opt
#
# Each argument is the flag of mobileone-opt that has its name, and where it is not given
# the flag's default holds, but for PREFIX, which is TARGET's name as a C identifier, and
# TARGET_TRIPLE, which is what this project's compiler makes code for.
#
# `name` is a static library of one object, with the folder of the header. It is made again when the
# checkpoint, a file of VARIANT or SCHEDULE, or the compiler is newer. It can be linked to
# executables and shared and static libraries, installed and exported: its PUBLIC_HEADER is
# name.h and, with ALSO hpp, the C++ wrapper name.hpp. Its property MOBILEONE_OBJECT is the object, MOBILEONE_JSON the facts as JSON, and
# MOBILEONE_WEIGHTS the file name.weights where WEIGHTS is external.
include_guard(GLOBAL)

# Sets `result` to what mobileone-opt calls the system that this project's compiler makes
# code for, or to nothing if that is none of its targets.
function(_mobileone_find_target result)
  set(${result} "" PARENT_SCOPE)
  # Emscripten says that it is an x86.
  if(CMAKE_SYSTEM_NAME STREQUAL "Emscripten" OR "${CMAKE_C_COMPILER_TARGET};${CMAKE_CXX_COMPILER_TARGET};${CMAKE_SYSTEM_PROCESSOR}" MATCHES "wasm32")
    if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
      set(${result} wasm32 PARENT_SCOPE)
    endif()
    return()
  endif()
  if(CMAKE_SIZEOF_VOID_P AND NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
    return()
  endif()
  # Apple's architecture, Microsoft's, as LLVM names it, as Debian does, as CMake does: the
  # first that is known. An object is of one architecture.
  set(name)
  set(architecture)
  set(compiler "${CMAKE_C_COMPILER_TARGET}")
  if(NOT compiler)
    set(compiler "${CMAKE_CXX_COMPILER_TARGET}")
  endif()
  if(APPLE AND CMAKE_OSX_ARCHITECTURES)
    set(architecture "${CMAKE_OSX_ARCHITECTURES}-apple")
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows")
    foreach(id IN ITEMS "${MSVC_C_ARCHITECTURE_ID}" "${MSVC_CXX_ARCHITECTURE_ID}")
      if(id AND NOT architecture)
        set(architecture "${id}-windows")
      endif()
    endforeach()
  endif()
  foreach(candidate IN ITEMS "${architecture}" "${compiler}"
      "${CMAKE_C_LIBRARY_ARCHITECTURE}" "${CMAKE_CXX_LIBRARY_ARCHITECTURE}"
      "${CMAKE_SYSTEM_PROCESSOR}-${CMAKE_SYSTEM_NAME}")
    if(NOT name)
      string(TOLOWER "${candidate}" name)
    endif()
  endforeach()
  if(compiler MATCHES "macabi") # iOS on a Mac
    return()
  elseif(name MATCHES "^(x86_64|amd64|x64)-")
    set(processor x86_64)
  elseif(name MATCHES "^(aarch64|arm64)-")
    set(processor aarch64)
  else()
    return()
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "Android" OR name MATCHES "android")
    set(system linux-android)
  elseif(name MATCHES "musl" OR CMAKE_C_COMPILER MATCHES "musl-[a-z]+$")
    set(system linux-musl)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT name MATCHES "x32$|ilp32$")
    set(system linux-gnu)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
    set(system apple-macos)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "iOS" AND processor STREQUAL "aarch64")
    set(system apple-ios)
    if(CMAKE_OSX_SYSROOT MATCHES "[Ss]imulator" OR compiler MATCHES "simulator")
      set(system apple-ios-simulator)
    endif()
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows" AND NOT MINGW AND NOT "${name} ${compiler}" MATCHES "gnu|mingw")
    set(system windows-msvc)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows" AND processor STREQUAL "x86_64")
    set(system windows-gnu)
  else()
    return()
  endif()
  if(system MATCHES "apple")
    string(REPLACE aarch64 arm64 processor ${processor})
  endif()
  set(${result} ${processor}-${system} PARENT_SCOPE)
endfunction()

function(mobileone_add_model)
  set(switches ALLOW_NON_FINITE)
  set(flags VARIANT INPUT CHANNELS MEAN STD KEY STRIP_PREFIX BN_EPSILON FEATURE_LAYOUT
    PREFIX WEIGHTS INSTRUMENT ALGORITHM SCHEDULE)
  set(lists IMAGE_SIZE BATCH OUTPUT HEADS ISA ALSO)
  cmake_parse_arguments(PARSE_ARGV 0 arg
    "${switches}" "TARGET;CHECKPOINT;TARGET_TRIPLE;${flags}" "${lists};FLAGS")
  set(call "mobileone_add_model(TARGET ${arg_TARGET})")

  # What follows a list is taken for its last elements. Keys of heads may be in capitals.
  set(unknown ${arg_UNPARSED_ARGUMENTS} ${arg_IMAGE_SIZE} ${arg_BATCH} ${arg_OUTPUT} ${arg_ISA} ${arg_ALSO} ${arg_FLAGS})
  if(NOT arg_UNPARSED_ARGUMENTS)
    list(FILTER unknown INCLUDE REGEX "^[A-Z][A-Z_]+$")
  endif()
  if(unknown)
    list(GET unknown 0 unknown)
    string(REPLACE ";" ", " known "TARGET;CHECKPOINT;TARGET_TRIPLE;${switches};${flags};${lists}")
    message(FATAL_ERROR "${call} expects ${known} or FLAGS, but got '${unknown}'; FLAGS "
      "takes any flag of mobileone-opt, as FLAGS --bn-epsilon=1e-3")
  endif()
  if(arg_KEYWORDS_MISSING_VALUES)
    list(GET arg_KEYWORDS_MISSING_VALUES 0 keyword)
    message(FATAL_ERROR "${call} expects a value after ${keyword}")
  endif()
  foreach(keyword TARGET CHECKPOINT)
    if(NOT DEFINED arg_${keyword})
      message(FATAL_ERROR "${call} expects ${keyword}, which is not given")
    endif()
  endforeach()
  if(TARGET "${arg_TARGET}")
    message(FATAL_ERROR "${call} expects a new target, but '${arg_TARGET}' is one already")
  endif()
  if(DEFINED arg_ALSO AND NOT arg_ALSO STREQUAL "hpp")
    message(FATAL_ERROR "${call} expects ALSO hpp, but got '${arg_ALSO}'")
  endif()
  foreach(flag IN LISTS arg_FLAGS)
    if(flag MATCHES "^--?(o|emit|also)(=|$)" OR NOT flag MATCHES "^-")
      message(FATAL_ERROR "${call} expects FLAGS of what the object is, as "
        "--bn-epsilon=1e-3, but got '${flag}'")
    endif()
  endforeach()

  # Files. One that is not there yet must be made by this build, in its own folder.
  set(needed)
  foreach(keyword CHECKPOINT SCHEDULE VARIANT)
    if(NOT DEFINED arg_${keyword} OR
        (keyword STREQUAL "VARIANT" AND NOT arg_VARIANT MATCHES "\\.json$"))
      continue()
    endif()
    get_filename_component(file "${arg_${keyword}}" ABSOLUTE
      BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    string(FIND "${file}" "${CMAKE_BINARY_DIR}/" begin)
    if(NOT begin EQUAL 0 AND (NOT EXISTS "${file}" OR IS_DIRECTORY "${file}"))
      message(FATAL_ERROR "${call} expects a file for ${keyword}, but '${file}' is none")
    endif()
    set(arg_${keyword} "${file}")
    list(APPEND needed "${file}")
  endforeach()

  if(NOT DEFINED arg_PREFIX)
    string(MAKE_C_IDENTIFIER "${arg_TARGET}" arg_PREFIX)
  endif()
  if(NOT DEFINED arg_TARGET_TRIPLE)
    _mobileone_find_target(arg_TARGET_TRIPLE)
    if(NOT arg_TARGET_TRIPLE)
      message(FATAL_ERROR "${call} expects TARGET_TRIPLE, one that 'mobileone-opt "
        "--help-targets' lists, as nothing in it follows from this project's compiler: "
        "CMAKE_SYSTEM_NAME is '${CMAKE_SYSTEM_NAME}', CMAKE_SYSTEM_PROCESSOR "
        "'${CMAKE_SYSTEM_PROCESSOR}', CMAKE_C_COMPILER_TARGET "
        "'${CMAKE_C_COMPILER_TARGET}', CMAKE_OSX_ARCHITECTURES "
        "'${CMAKE_OSX_ARCHITECTURES}' (an object is of one), CMAKE_SIZEOF_VOID_P "
        "'${CMAKE_SIZEOF_VOID_P}'")
    endif()
  endif()
  set(command "--target=${arg_TARGET_TRIPLE}")
  foreach(keyword IN LISTS switches flags lists)
    string(TOLOWER "--${keyword}" flag)
    string(REPLACE "_" "-" flag "${flag}")
    if(keyword IN_LIST switches)
      if(arg_${keyword})
        list(APPEND command "${flag}")
      endif()
    elseif(DEFINED arg_${keyword})
      string(REPLACE ";" "," value "${arg_${keyword}}")
      list(APPEND command "${flag}=${value}")
    endif()
  endforeach()

  # A folder of the model alone: whoever includes name.h sees no other file.
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.model")
  set(name "${folder}/${arg_TARGET}")
  file(MAKE_DIRECTORY "${folder}")
  get_filename_component(checkpoint "${arg_CHECKPOINT}" NAME)
  set(headers "${name}.h")
  if(arg_ALSO)
    list(APPEND headers "${name}.hpp")
  endif()
  set(weights)
  if(arg_WEIGHTS STREQUAL "external")
    set(weights "${name}.weights")
  endif()
  add_custom_command(
    OUTPUT "${name}.o" ${headers} "${name}.json" ${weights}
    COMMAND mobileone::opt "${arg_CHECKPOINT}" ${command} ${arg_FLAGS} -o "${name}.o"
    DEPENDS ${needed} "$<TARGET_FILE:mobileone::opt>"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "Compiling ${checkpoint} to ${arg_TARGET}.o"
    VERBATIM)

  add_library(${arg_TARGET} STATIC "${name}.o" ${headers})
  set_source_files_properties("${name}.o" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  if(CMAKE_C_COMPILER_LOADED)
    set(language C)
  else()
    set(language CXX)
  endif()
  set_target_properties(${arg_TARGET} PROPERTIES
    LINKER_LANGUAGE ${language}
    PUBLIC_HEADER "${headers}"
    MOBILEONE_OBJECT "${name}.o"
    MOBILEONE_JSON "${name}.json"
    MOBILEONE_WEIGHTS "${weights}")
  target_include_directories(${arg_TARGET} INTERFACE
    "$<BUILD_INTERFACE:${folder}>" "$<INSTALL_INTERFACE:include>")
endfunction()
