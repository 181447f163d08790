# tnn::thrust, where Thrust is found: TNN_THRUST names the system its algorithms run on. Thrust comes with
# the CUDA Toolkit or as Debian's libthrust-dev; no CUDA compiler is needed.
set(TNN_THRUST OMP CACHE STRING "System of the Thrust backend: OMP, CPP, TBB, or OFF")
set_property(CACHE TNN_THRUST PROPERTY STRINGS OMP CPP TBB OFF)
string(TOUPPER "${TNN_THRUST}" thrust_system)
if(NOT thrust_system MATCHES "^(OMP|CPP|TBB|OFF)$")
  message(FATAL_ERROR "TNN_THRUST is \"${TNN_THRUST}\"; expected OMP, CPP, TBB or OFF")
endif()

set(tnn_thrust_target)
find_path(TNN_THRUST_INCLUDE_DIR thrust/version.h DOC "Folder that holds thrust/version.h"
  HINTS ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES include/cccl include)
if(thrust_system STREQUAL "OFF" OR NOT TNN_THRUST_INCLUDE_DIR)
  return()
endif()
if(thrust_system STREQUAL "OMP")
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(NOT OpenMP_CXX_FOUND)
    message(STATUS "Without OpenMP there is no Thrust backend; -DTNN_THRUST=CPP or TBB needs none.")
    return()
  endif()
endif()

add_library(tnn_thrust INTERFACE)
add_library(tnn::thrust ALIAS tnn_thrust)
set(tnn_thrust_target tnn_thrust)
set_target_properties(tnn_thrust PROPERTIES EXPORT_NAME thrust)
# The toolkit keeps Thrust in include/cccl and what it includes in include.
set(thrust_folders ${TNN_THRUST_INCLUDE_DIR})
if(TNN_THRUST_INCLUDE_DIR MATCHES "/cccl$")
  get_filename_component(toolkit ${TNN_THRUST_INCLUDE_DIR} DIRECTORY)
  list(APPEND thrust_folders ${toolkit})
endif()
target_include_directories(tnn_thrust SYSTEM INTERFACE "$<BUILD_INTERFACE:${thrust_folders}>")
target_compile_definitions(tnn_thrust INTERFACE
  THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_${thrust_system})
target_link_libraries(tnn_thrust INTERFACE tnn)
if(thrust_system STREQUAL "OMP")
  target_link_libraries(tnn_thrust INTERFACE $<BUILD_INTERFACE:OpenMP::OpenMP_CXX>
                        $<INSTALL_INTERFACE:$<TARGET_NAME_IF_EXISTS:OpenMP::OpenMP_CXX>>)
elseif(thrust_system STREQUAL "TBB")
  find_package(TBB CONFIG REQUIRED)
  target_link_libraries(tnn_thrust INTERFACE $<BUILD_INTERFACE:TBB::tbb>
                        $<INSTALL_INTERFACE:$<TARGET_NAME_IF_EXISTS:TBB::tbb>>)
endif()
