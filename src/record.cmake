# SPDX-License-Identifier: BSD-2-Clause
# Where "install" writes down what it has put where, for "uninstall".  One build
# can be installed many times, for other DESTDIRs and prefixes: each has a
# record of its own in RECORDS, with a line for each file:
#
#	SHA-256 of its content, a space, its path without DESTDIR

cmake_minimum_required(VERSION 3.23)

# record_normal(PATH RET): the one way to write PATH; "" for "/".
function(record_normal path ret)
  if(NOT path STREQUAL "")
    cmake_path(ABSOLUTE_PATH path NORMALIZE)
    string(REGEX REPLACE "/+$" "" path "${path}")
  endif()
  set(${ret} "${path}" PARENT_SCOPE)
endfunction()

# record_of(DESTDIR PREFIX RET): the name of their record.
function(record_of destdir prefix ret)
  string(SHA256 key "${destdir}\n${prefix}")
  string(SUBSTRING "${key}" 0 16 key)
  set(${ret} "${RECORDS}/${key}" PARENT_SCOPE)
endfunction()

# record_write(DESTDIR PREFIX LINE...)
function(record_write destdir prefix)
  record_of("${destdir}" "${prefix}" record)
  list(JOIN ARGN "\n" text)
  file(WRITE "${record}" "DESTDIR=${destdir}\nPREFIX=${prefix}\n${text}\n")
endfunction()

# record_read(DESTDIR PREFIX RET): its lines; none if there is no record.
function(record_read destdir prefix ret)
  record_of("${destdir}" "${prefix}" record)
  set(lines)
  if(EXISTS "${record}")
    file(STRINGS "${record}" lines REGEX "^[0-9a-f]+ /")
  endif()
  set(${ret} "${lines}" PARENT_SCOPE)
endfunction()
