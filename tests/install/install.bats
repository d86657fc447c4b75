# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# What "cmake --install" puts where, and that "uninstall" takes away that and
# nothing else.  INSTALL is a build, configured for the prefix $INSTALL_TO/usr:
# a mistake here does not reach the machine's own files.

load ../e2e/helper

files="bin/reflinkcp
share/bash-completion/completions/reflinkcp
share/fish/vendor_completions.d/reflinkcp.fish
share/man/man1/reflinkcp.1
share/reflinkcp/reflinkcp.schema.json
share/zsh/site-functions/_reflinkcp"

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	unset DESTDIR PREFIX
	rm -rf "${INSTALL:?}/installed" "${INSTALL_TO:?}"
	stage=$BATS_TEST_TMPDIR/stage
}

teardown() {
	cd /
}

install_it() {
	run -0 cmake --install "$INSTALL" "$@"
}

uninstall() {
	run cmake --build "$INSTALL" --target uninstall
}

# assert_there DIR: what is installed is in it, all of it, and nothing else.
assert_there() {
	assert_equal "$(cd "$1" && find . -type f -printf '%P\n' | sort)" \
		"$files"
}

assert_gone() {
	[[ ! -e $1 ]] || assert_equal "$(find "$1" ! -type d)" ""
}

@test "program, manual and completions are installed, and uninstalled" {
	install_it
	assert_there "$INSTALL_TO/usr"
	run -0 "$INSTALL_TO/usr/bin/reflinkcp" --version
	uninstall
	assert_success
	assert_gone "$INSTALL_TO"
}

@test "installed with DESTDIR, uninstalled without: nothing is removed" {
	DESTDIR=$stage install_it
	mkdir -p "$INSTALL_TO/usr/bin"
	cp "$stage$INSTALL_TO/usr/bin/reflinkcp" "$INSTALL_TO/usr/bin"
	uninstall
	assert_failure
	assert_output --partial "DESTDIR=$stage PREFIX=$INSTALL_TO/usr"
	assert [ -x "$INSTALL_TO/usr/bin/reflinkcp" ]
	assert_there "$stage$INSTALL_TO/usr"
	DESTDIR=$stage uninstall
	assert_success
	assert_gone "$stage"
	assert [ -x "$INSTALL_TO/usr/bin/reflinkcp" ]
}

@test "installed without DESTDIR, uninstalled with it: nothing is removed" {
	install_it
	DESTDIR=$stage uninstall
	assert_failure
	assert_there "$INSTALL_TO/usr"
}

@test "many installations of one build are uninstalled one by one" {
	other=$BATS_TEST_TMPDIR/other
	install_it
	DESTDIR=$stage install_it
	install_it --prefix "$other"
	DESTDIR=$stage install_it --prefix /opt/x
	uninstall
	assert_success
	assert_gone "$INSTALL_TO"
	assert_there "$stage$INSTALL_TO/usr"
	assert_there "$other"
	assert_there "$stage/opt/x"
	DESTDIR=$stage PREFIX=/opt/x uninstall
	assert_success
	assert_gone "$stage/opt"
	assert_there "$stage$INSTALL_TO/usr"
	assert_there "$other"
	PREFIX=$other/ uninstall
	assert_success
	assert_gone "$other"
	DESTDIR=$stage/ uninstall
	assert_success
	assert_gone "$stage"
}

@test "nothing is uninstalled twice" {
	uninstall
	assert_failure
	assert_output --partial "nothing was installed from here"
	install_it
	uninstall
	assert_success
	mkdir -p "$INSTALL_TO/usr/bin"
	echo another >"$INSTALL_TO/usr/bin/reflinkcp"
	uninstall
	assert_failure
	assert_equal "$(cat "$INSTALL_TO/usr/bin/reflinkcp")" another
}

@test "what is no longer what was installed stays, and is named" {
	install_it
	echo another >"$INSTALL_TO/usr/bin/reflinkcp"
	rm "$INSTALL_TO/usr/share/man/man1/reflinkcp.1"
	uninstall
	assert_failure
	assert_output --partial \
		"Changed since it was installed: $INSTALL_TO/usr/bin/reflinkcp"
	assert_equal "$(find "$INSTALL_TO" ! -type d)" \
		"$INSTALL_TO/usr/bin/reflinkcp"
	# Not the second time either.
	uninstall
	assert_failure
	assert_equal "$(cat "$INSTALL_TO/usr/bin/reflinkcp")" another
}

@test "installed anew over a program that was changed: all goes" {
	install_it
	echo older >"$INSTALL_TO/usr/bin/reflinkcp"
	install_it --strip
	uninstall
	assert_success
	assert_gone "$INSTALL_TO"
}

@test "installed anew with other directories: the earlier ones are uninstalled too" {
	prefix=$BATS_TEST_TMPDIR/c++
	install_it --prefix "$prefix"
	cmake -DCMAKE_INSTALL_BINDIR=sbin "$INSTALL"
	install_it --prefix "$prefix"
	cmake -DCMAKE_INSTALL_BINDIR=bin "$INSTALL"
	assert [ -x "$prefix/bin/reflinkcp" ]
	assert [ -x "$prefix/sbin/reflinkcp" ]
	PREFIX=$prefix uninstall
	assert_success
	assert_gone "$prefix"
}

@test "a relative DESTDIR: uninstall asks for the whole path" {
	DESTDIR=stage install_it
	assert_there "$stage$INSTALL_TO/usr"
	DESTDIR=stage uninstall
	assert_failure
	assert_there "$stage$INSTALL_TO/usr"
	DESTDIR=$stage uninstall
	assert_success
	assert_gone "$stage"
}
