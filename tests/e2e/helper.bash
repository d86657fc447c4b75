# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bats disable=SC2154
# What all end-to-end tests use.  `load helper` in each file; run them through
# tests/run, which builds the program and brings the file systems up:
#
#	REFLINKCP	the program
#	TOOLS		where the fixtures of tests/tools are
#	LAB		the file systems, see tests/lab/lab.bash
#
# A test stands in a fresh directory; `on NAME` takes it to one on a file
# system, `place NAME` names a second one.  They are removed afterwards.
# `oddfs real odd RULE...` shows one at another place, misbehaving as asked.

bats_require_minimum_version 1.5.0

# What their load.bash does, without a process for each file: this runs for each
# test.
for _file in /usr/{lib/bats,share/bats,lib}/bats-{support,assert}/src/*.bash; do
	# shellcheck source=/dev/null
	[[ ! -e $_file ]] || source "$_file"
done

export LC_ALL=C
unset POSIXLY_CORRECT SIMPLE_BACKUP_SUFFIX VERSION_CONTROL

# Where a test has failed, by bats 1.8: it notes that before each command, which is
# nearly half of what a test costs; here it is looked up when one fails.
_failed_here() {
	local status=$?

	[[ ${BATS_TEST_COMPLETED-} ]] || BATS_ERROR_STATUS=${BATS_ERROR_STATUS:-$status}
	[[ ${BATS_DEBUG_LAST_STACK_TRACE_IS_VALID-} ]] || bats_capture_stack_trace
	bats_error_trap
}

setup() {
	if declare -F bats_capture_stack_trace bats_error_trap >/dev/null; then
		trap - DEBUG
		trap _failed_here ERR
	fi
	umask 022
	PATH=$TOOLS:$PATH
	oddfs_pids=()
	ME=${REFLINKCP##*/}
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	local dir

	cd / || return 1
	keep_reports
	oddfs_unmount
	for dir in "${LAB:?}"/*/"$(place_name)"; do
		[[ -d $dir && $dir != "$LAB"/ro-* ]] || continue
		unmount_below "$dir"
		chattr -R -f -i -a "$dir" 2>/dev/null
		rm -rf --one-file-system "$dir"
	done
	declare -F cleanup >/dev/null && cleanup
	return 0
}

# keep_report FILE: that --json has written, for tests/e2e/schema.  What is no
# report is none: the answer to --help, or an operand that was not overwritten.
keep_report() {
	[[ ${BUILD-} && -d $BUILD/logs/reports && -f $1 ]] || return 0
	[[ $(head -c 1 "$1") != "{" ]] ||
		cp "$1" "$BUILD/logs/reports/$(place_name)-$EPOCHREALTIME.jsonl"
}

keep_reports() {
	local file

	for file in "$BATS_TEST_TMPDIR"/report*.jsonl \
		"${LAB:?}"/*/"$(place_name)"/report*.jsonl; do
		keep_report "$file"
	done
}

# keeping COMMAND...: which writes a report without rcp, to report*.jsonl.  All
# that --json writes is to be validated; tests/lint/reports looks for what is not.
keeping() {
	local status=0

	"$@" || status=$?
	keep_reports
	return "$status"
}

# unmount_below DIR: what a test has mounted there.
unmount_below() {
	local fields

	grep -qF " $1/" /proc/self/mountinfo || return 0
	while read -r -a fields; do
		[[ ${fields[4]} == "$1"/* ]] && umount -l "${fields[4]}"
	done < <(tac /proc/self/mountinfo)
	return 0
}

# E2E_NAME tells files apart that run side by side.
place_name() {
	echo "t${E2E_NAME-}$BATS_SUITE_TEST_NUMBER"
}

# lacks REASON: without it the test can't be made.  In CI that is a failure.
lacks() {
	if [[ ${CI-} == true ]]; then
		fail "$1"
	else
		skip "$1"
	fi
}

# need NAME...: skip the test where one of these file systems is missing.
need() {
	local name

	for name; do
		[[ $name != full-* && $name != quota-* &&
			$name != btrfs-nodatasum ]] || hold
		[[ -d $LAB/$name ]] && continue
		if [[ -e $LAB/missing/$name ]]; then
			lacks "no $name: $(<"$LAB/missing/$name")"
		else
			lacks "no $name: $(cat "$LAB/missing/all" 2>/dev/null)"
		fi
	done
}

# hold: until the test ends, no other one that runs beside it holds anything.
# There is one of each file system, and some tests fill it or mount it anew.
hold() {
	[[ ! ${held-} ]] || return 0
	exec {held}>"$LAB/held"
	flock -w 600 "$held" || fail "another test does not end"
}

# need_where_known NAME: one that many kernels lack; it may be skipped in CI.
need_where_known() {
	[[ -d $LAB/$1 ]] || skip "no $1: $(cat "$LAB/missing/$1" \
		"$LAB/missing/all" 2>/dev/null)"
}

need_root() {
	[[ $(id -u) -eq 0 ]] || lacks "needs root"
}

# unsanitized REASON: skip the test of a program with sanitizers.
unsanitized() {
	[[ ! ${REFLINKCP_SANITIZED-} ]] || skip "$1"
}

# place NAME: print a directory of this test on that file system.
place() {
	local dir

	dir=$LAB/$1/$(place_name)
	mkdir -p "$dir"
	echo "$dir"
}

# on NAME: go there.
on() {
	need "$1"
	cd "$(place "$1")" || return 1
}

# oddfs DIRECTORY POINT [[PATTERN:]RULE]...
#
# Show DIRECTORY at POINT (both are made) through FUSE until the test ends; the
# head of tests/tools/oddfs.c has the rules.  Call it in the test itself, not
# in a subshell: the file system goes with the shell that started it.
oddfs() {
	local point pid

	need_root
	[[ -x $TOOLS/oddfs ]] || lacks "libfuse3 was missing at the build"
	[[ -c /dev/fuse ]] || lacks "no /dev/fuse"
	mkdir -p "$1" "$2"
	point=$(realpath "$2")
	"$TOOLS/oddfs" "$1" "$point" "${@:3}" 3>&- \
		>"$BATS_TEST_TMPDIR/oddfs.log" 2>&1 &
	pid=$!
	oddfs_pids+=("$pid")
	until oddfs_points | grep -qxF "$point"; do
		kill -0 "$pid" 2>/dev/null ||
			fail "oddfs: $(<"$BATS_TEST_TMPDIR/oddfs.log")"
		sleep 0.02
	done
}

# Where oddfs shows something.
oddfs_points() {
	local fields

	while read -r -a fields; do
		[[ " ${fields[*]:6} " == *" - fuse.oddfs "* ]] &&
			printf '%b\n' "${fields[4]}"
	done </proc/self/mountinfo
}

# Unmount what this test has shown.
oddfs_unmount() {
	local point

	[[ ${#oddfs_pids[@]} -gt 0 ]] || return 0
	while read -r point; do
		[[ $point == "$BATS_TEST_TMPDIR"/* ||
			$point == "$LAB"/*/"$(place_name)"/* ]] || continue
		umount "$point" 2>/dev/null || umount -l "$point"
	done < <(oddfs_points | tac)
	# The test may have something open there, so unmounting is not enough.
	kill "${oddfs_pids[@]}" 2>/dev/null || true
	wait "${oddfs_pids[@]}" 2>/dev/null || true
}

# rcp ARGUMENT...: the program; its report is kept.
rcp() {
	local file='' status=0 word out=/proc/$BASHPID/fd/1

	for word; do
		case $word in
		--json | --json=- | --json=/dev/stdout) file=$out ;;
		--json=*) file=${word#*=} ;;
		esac
	done
	if [[ $file == "$out" && ! -f $out ]]; then
		file=$BATS_TEST_TMPDIR/stdout.$BASHPID
		"$REFLINKCP" "$@" | tee "$file"
		status=${PIPESTATUS[0]}
	else
		"$REFLINKCP" "$@" || status=$?
	fi
	[[ ! $file ]] || keep_report "$file"
	return "$status"
}

# As another user, without any capability.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# remember FILE...: keep what they are, to be asked for with assert_untouched.
remember() {
	meta -c "$@" | without_atime >"$BATS_TEST_TMPDIR/remembered"
	remembered=("$@")
}

without_atime() {
	sed 's/ atime=[0-9.]*//'
}

assert_untouched() {
	assert_equal "$(meta -c "${remembered[@]}" | without_atime)" \
		"$(<"$BATS_TEST_TMPDIR/remembered")"
}

assert_same() {
	run -0 cmp "$1" "$2"
}

assert_shared() {
	run -0 extents shared "$1" "$2"
}

assert_disjoint() {
	run -0 extents disjoint "$1" "$2"
}

assert_absent() {
	[[ ! -e $1 && ! -L $1 ]] || fail "'$1' is there: $(ls -l "$1")"
}

# assert_only NAME...: the directory holds these names and nothing else.
assert_only() {
	assert_equal "$(find . -mindepth 1 -maxdepth 1 -printf '%f\n' | sort)" \
		"$(printf '%s\n' "$@" | sort)"
}

# bytes_allocated FILE
bytes_allocated() {
	local blocks

	blocks=$(stat -c %b "$1")
	echo $((blocks * 512))
}

# inode FILE
inode() {
	stat -c %i "$1"
}

# refused MESSAGE-PART ARGUMENT...: it fails, and says so in one line.
refused() {
	local part=$1

	shift
	run -1 --separate-stderr rcp "$@"
	assert_equal "$output" ""
	assert_equal "$stderr" "$ME: $part"
}

# dies NUMBER [MS]: what interrupt printed last says that it died by that signal, in
# less time than so many milliseconds.
dies() {
	[[ ${lines[-1]} =~ ^killed\ $1\ after\ ([0-9]+)$ ]] || fail "$output"
	[[ ${BASH_REMATCH[1]} -lt ${2-3000} ]] || fail "$output ms"
}
