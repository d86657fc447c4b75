# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2154,SC2164
# The line that says how far a run is.

load helper

setup_file() {
	PATH=$TOOLS:$PATH
	# A file whose clone takes seconds.
	if [[ -d $LAB/xfs ]]; then
		mkdir -p "$LAB/xfs/many"
		mkfile "$LAB/xfs/many/source" many:500000
	fi
	if [[ -d $LAB/btrfs ]]; then
		mkdir -p "$LAB/btrfs/many"
		mkfile "$LAB/btrfs/many/source" many:120000
	fi
}

teardown_file() {
	rm -rf "$LAB/xfs/many" "$LAB/btrfs/many"
}

# A line as a signal has it printed.
asked='^[0-9]+ files?, [0-9.]+ [KMG]?i?B of at least [0-9.]+ [KMG]iB, [0-9.]+ [KMG]?i?B/s$'

# answers_cloning FS: asked in the middle of a clone, it says how far it is.
answers_cloning() {
	local bytes

	need "$1"
	on "$1"
	run interrupt -d 700 USR1 "$REFLINKCP" --reflink=always \
		"$LAB/$1/many/source" copy
	assert_line --regexp "$asked"
	assert_line --regexp '^exited 0 after [0-9]+$'
	bytes=${lines[0]#*, }
	[[ $bytes != "0 B"* ]] || fail "$output"
	assert_same "$LAB/$1/many/source" copy
}

@test "xfs: SIGUSR1 while a file of half a million extents is cloned" {
	answers_cloning xfs
}

@test "btrfs: SIGUSR1 while a file of 120,000 extents is cloned" {
	answers_cloning btrfs
}

@test "SIGUSR1 while bytes are copied" {
	local option

	need ext4 tmpfs
	on ext4
	mkfile source data:500M:1
	copy=$(place tmpfs)/copy
	for option in --reflink=auto --reflink=never; do
		run interrupt -d 150 USR1 "$REFLINKCP" "$option" source "$copy"
		assert_line --regexp '^exited 0 after [0-9]+$'
		assert_line --regexp "$asked"
		assert_same source "$copy"
		rm "$copy"
	done
}

# It is asked all the time: no call may fail for it.
@test "many SIGUSR1 in a row disturb nothing" {
	local pid

	need ext4 tmpfs
	on ext4
	mktree plain tree 300
	mkfile tree/long data:300M:1
	"$REFLINKCP" -a tree "$(place tmpfs)" 2>err 3>&- &
	pid=$!
	sleep 0.1
	while kill -USR1 $pid 2>/dev/null; do
		:
	done
	wait $pid || fail "$? $(<err)"
	run -0 treecmp tree "$(place tmpfs)/tree"
	# At most ten answers a second, each a line.
	[[ $(wc -l <err) -le 100 ]] || fail "$(wc -l <err) lines"
	run grep -vE "$asked|^[0-9]+ files?(, [0-9.]+ [KMG]?i?B, [0-9.]+ [KMG]?i?B/s)?\$" err
	assert_output ""
}

@test "SIGUSR1 with standard error closed" {
	need ext4 tmpfs
	on ext4
	mkfile source data:300M:1
	copy=$(place tmpfs)/copy
	run interrupt -d 150 USR1 bash -c 'exec "$@" 2>&-' - "$REFLINKCP" \
		source "$copy"
	assert_output --regexp '^exited 0 after [0-9]+$'
	assert_same source "$copy"
}

@test "SIGUSR1 while it waits for a FIFO" {
	local pid

	mkfifo fifo
	"$REFLINKCP" fifo copy 2>err 3>&- &
	pid=$!
	sleep 0.2
	kill -USR1 $pid
	echo text >fifo
	wait $pid
	assert_equal "$(cat copy)" text
	run grep -vx "0 files" err
	assert_output ""
}
