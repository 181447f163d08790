# Included by find_package(tnn) and add_subdirectory(tnn): a word where nothing says how to optimise, for CMake then
# compiles without optimisation. A build type of any name, None too, or an -O in CMAKE_CXX_FLAGS, says it.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES AND NOT CMAKE_CXX_FLAGS MATCHES "(^| )-O")
  message(WARNING "tnn: without CMAKE_BUILD_TYPE nothing is optimised, and a network runs 10 to 15 times slower: "
                  "pass -DCMAKE_BUILD_TYPE=Release.")
endif()
