# SPDX-License-Identifier: BSD-2-Clause
# At the end of an installation: write down what was installed.

cmake_minimum_required(VERSION 3.23)
include(${CMAKE_CURRENT_LIST_DIR}/record.cmake)

record_normal("$ENV{DESTDIR}" destdir)
record_normal("${CMAKE_INSTALL_PREFIX}" prefix)
set(lines)
foreach(file IN LISTS CMAKE_INSTALL_MANIFEST_FILES)
  file(SHA256 "${destdir}${file}" hash)
  list(APPEND lines "${hash} ${file}")
endforeach()
# What an earlier one has put elsewhere, into other directories, stays written.
record_read("${destdir}" "${prefix}" earlier)
foreach(line IN LISTS earlier)
  string(REGEX REPLACE "^[0-9a-f]+ " "" file "${line}")
  if(NOT file IN_LIST CMAKE_INSTALL_MANIFEST_FILES)
    list(APPEND lines "${line}")
  endif()
endforeach()
record_write("${destdir}" "${prefix}" ${lines})
