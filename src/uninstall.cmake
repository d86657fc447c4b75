# SPDX-License-Identifier: BSD-2-Clause
# Remove the files that MANIFEST lists, below DESTDIR if that is set.

if(NOT EXISTS "${MANIFEST}")
  message(FATAL_ERROR "nothing was installed from here: no ${MANIFEST}")
endif()
file(STRINGS "${MANIFEST}" files)
foreach(file IN LISTS files)
  message(STATUS "Removing $ENV{DESTDIR}${file}")
  file(REMOVE "$ENV{DESTDIR}${file}")
endforeach()
file(REMOVE "${MANIFEST}")
