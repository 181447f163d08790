# tnn_build_flags: how this repository's own programs are compiled. Linked PRIVATE by tests, examples
# and benchmarks, never by tnn::tnn, tnn::cpu or tnn::io, so no user of the library inherits it.
add_library(tnn_build_flags INTERFACE)
target_compile_options(tnn_build_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${TNN_WARNINGS_AS_ERRORS}>:-Werror>>)
# -Wpedantic and -Wconversion would judge what nvcc writes, not what we wrote.
target_compile_options(tnn_build_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra>
  $<$<AND:$<COMPILE_LANGUAGE:CUDA>,$<BOOL:${TNN_WARNINGS_AS_ERRORS}>>:-Werror=all-warnings>)

# The instruction set: a target's property TNN_MARCH where it is set, else this machine's.
set(march $<TARGET_PROPERTY:TNN_MARCH>)
target_compile_options(tnn_build_flags INTERFACE
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${march}>>:-march=${march}>)
if(TNN_NATIVE)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native TNN_HAS_MARCH_NATIVE)
  if(TNN_HAS_MARCH_NATIVE)
    target_compile_options(tnn_build_flags INTERFACE
      $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<NOT:$<BOOL:${march}>>>:-march=native>)
  endif()
endif()

if(TNN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(TNN_CCACHE_PROGRAM ccache)
  mark_as_advanced(TNN_CCACHE_PROGRAM)
  if(TNN_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TNN_CCACHE_PROGRAM})
    set(CMAKE_CUDA_COMPILER_LAUNCHER ${TNN_CCACHE_PROGRAM})
  endif()
endif()

# tnn_require(PROGRAMS SETUP TARGET...): a clear stop where a program of ours lacks a library that SETUP installs.
function(tnn_require programs setup)
  foreach(target IN LISTS ARGN)
    if(NOT TARGET ${target})
      message(FATAL_ERROR "${programs} need ${target}, which was not found. Run ${setup}, or "
                          "leave them out: see the options TNN_BUILD_*.")
    endif()
  endforeach()
endfunction()
