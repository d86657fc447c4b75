# SPDX-License-Identifier: BSD-2-Clause
# What goes where, and "uninstall", which takes away what "install" wrote down.

install(TARGETS reflinkcp RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES man/reflinkcp.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/reflinkcp.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/reflinkcp)
install(FILES completions/reflinkcp.bash RENAME reflinkcp
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_reflinkcp
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES completions/reflinkcp.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The last of them: it asks what the others have installed.
set(records ${PROJECT_BINARY_DIR}/installed)
install(CODE "set(RECORDS \"${records}\")")
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/installed.cmake)

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DRECORDS=${records}
          -DPREFIX=${CMAKE_INSTALL_PREFIX}
          -P ${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake
  VERBATIM)
