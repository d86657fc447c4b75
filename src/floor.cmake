# SPDX-License-Identifier: BSD-2-Clause
# floor(NAME SOURCES ... HEADERS ... USES ...)
#
# One floor of the house: a static library whose headers are found only by the
# floors that name it in USES.  A wrong include is then "file not found".
function(floor name)
  cmake_parse_arguments(F "" "" "SOURCES;HEADERS;USES" ${ARGN})
  add_library(${name} STATIC ${F_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS
                 BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR} FILES ${F_HEADERS})
  set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(${name} PUBLIC ${F_USES} PRIVATE reflinkcp_flags)
endfunction()
