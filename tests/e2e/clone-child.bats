# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# A long clone is made by a process of its own.  It holds on to nothing that is
# not its business.

load helper

setup_file() {
	PATH=$TOOLS:$PATH
	# A file whose clone takes seconds.
	if [[ -d $LAB/xfs ]]; then
		mkdir -p "$LAB/xfs/long"
		mkfile "$LAB/xfs/long/source" many:200000
	fi
}

teardown_file() {
	rm -rf "$LAB/xfs/long"
}

# child_of PID: wait until it has a child, and print that.
child_of() {
	local child i

	for ((i = 0; i < 1000; i++)); do
		child=$(pgrep -P "$1") && echo "$child" && return
		sleep 0.01
	done
	fail "no child of process $1"
}

@test "it has the two files open, and a pipe" {
	need_root
	on xfs
	mkfifo fifo
	"$REFLINKCP" "$LAB/xfs/long/source" copy 9<>fifo &
	child=$(child_of $!)
	sleep 0.05
	run -0 find "/proc/$child/fd" -type l -printf '%l\n'
	assert_equal "$(sed "s/pipe:.*/pipe/; s|^$PWD/.*|copy|; s|^$LAB/.*|source|" \
		<<<"$output" | sort)" "$(printf '%s\n' copy pipe source)"
	wait $!
}

# The clone of the script is under way when the process for the other one is
# made, and finished before that one is.
@test "a program copied beside a long clone can be run at once" {
	on xfs
	mkdir -p tree/1 tree/2
	printf '#!/bin/sh\nexit 0\n' >tree/1/script
	mkfile -o 4K tree/1/script many:15000
	chmod 755 tree/1/script
	touch -d 2001-01-01 tree/1/script
	for i in {1..300}; do
		mkfile "tree/2/$i" data:4K:"$i"
	done
	mkfile tree/2/last many:200000
	"$REFLINKCP" -a -j 2 tree copy &
	pid=$!
	# Its times are the last that it gets.
	until [[ -e copy/1/script && copy/1/script -ot "$BATS_TEST_DIRNAME" ]]; do
		kill -0 $pid
		sleep 0.01
	done
	sleep 0.05
	pgrep -P $pid || fail "the long clone is over, or has not begun"
	run -0 copy/1/script
	wait $pid
}
