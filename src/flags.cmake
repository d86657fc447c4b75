# SPDX-License-Identifier: BSD-2-Clause
# What every object is compiled with (reflinkcp_flags), libbsd and libselinux.

include(CheckCSourceCompiles)
include(CMakePushCheckState)

add_library(reflinkcp_flags INTERFACE)

target_compile_features(reflinkcp_flags INTERFACE c_std_17)
target_compile_definitions(reflinkcp_flags INTERFACE
  _GNU_SOURCE _FILE_OFFSET_BITS=64 _TIME_BITS=64)

target_compile_options(reflinkcp_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
  -Wmissing-prototypes -Wold-style-definition -Wundef -Wvla -Wformat=2
  -Wcast-qual -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough
  -Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wdate-time
  -Wframe-larger-than=16384 -fno-common
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op>
  $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
  $<$<C_COMPILER_ID:GNU>:-Wduplicated-branches>
  $<$<C_COMPILER_ID:GNU>:-Wcast-align=strict>
  $<$<BOOL:${REFLINKCP_WERROR}>:-Werror>)

# How far to fortify: as the user's flags or the compiler's own habits say; if
# they say nothing, as far as compiler and libc can.
set(fortify)
string(TOUPPER "CMAKE_C_FLAGS_${CMAKE_BUILD_TYPE}" flags_of_type)
cmake_push_check_state(RESET)
set(CMAKE_REQUIRED_FLAGS "-O2")
check_c_source_compiles("
  #ifdef _FORTIFY_SOURCE
  #error
  #endif
  int main(void) { return 0; }" REFLINKCP_UNFORTIFIED)
set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("
  #include <stdio.h>
  #if __USE_FORTIFY_LEVEL < 3
  #error
  #endif
  int main(void) { return 0; }" REFLINKCP_FORTIFY_3)
cmake_pop_check_state()
if(REFLINKCP_UNFORTIFIED AND
   NOT "${CMAKE_C_FLAGS} ${${flags_of_type}}" MATCHES "_FORTIFY_SOURCE")
  set(fortify -D_FORTIFY_SOURCE=$<IF:$<BOOL:${REFLINKCP_FORTIFY_3}>,3,2>)
endif()

if(REFLINKCP_SANITIZE)
  target_compile_options(reflinkcp_flags INTERFACE
    -fsanitize=${REFLINKCP_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(reflinkcp_flags INTERFACE
    -fsanitize=${REFLINKCP_SANITIZE})
else()
  target_compile_options(reflinkcp_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection
    "$<$<CONFIG:Release,RelWithDebInfo>:${fortify}>")
  target_link_options(reflinkcp_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(reflinkcp_flags INTERFACE -pie -Wl,--as-needed)

# libbsd, by its own names (<bsd/stdlib.h>), not as an overlay of <stdlib.h>.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBBSD REQUIRED IMPORTED_TARGET libbsd)
add_library(reflinkcp_bsd INTERFACE)
if(REFLINKCP_STATIC_LIBBSD)
  find_library(LIBBSD_ARCHIVE libbsd.a REQUIRED HINTS ${LIBBSD_LIBRARY_DIRS}
               ${LIBBSD_STATIC_LIBRARY_DIRS})
  target_include_directories(reflinkcp_bsd SYSTEM INTERFACE
                             ${LIBBSD_INCLUDE_DIRS})
  target_link_libraries(reflinkcp_bsd INTERFACE ${LIBBSD_ARCHIVE})
  set(REFLINKCP_LIBBSD "static, ${LIBBSD_VERSION}")
else()
  target_link_libraries(reflinkcp_bsd INTERFACE PkgConfig::LIBBSD)
  set(REFLINKCP_LIBBSD "shared, ${LIBBSD_VERSION}")
endif()

# libselinux: its headers only.  It is loaded when it is needed.
set(REFLINKCP_WITH_SELINUX FALSE)
if(REFLINKCP_SELINUX STREQUAL "ON")
  pkg_check_modules(LIBSELINUX REQUIRED libselinux)
elseif(NOT REFLINKCP_SELINUX STREQUAL "OFF")
  pkg_check_modules(LIBSELINUX libselinux)
endif()
if(LIBSELINUX_FOUND AND NOT REFLINKCP_SELINUX STREQUAL "OFF")
  set(REFLINKCP_WITH_SELINUX TRUE)
endif()
