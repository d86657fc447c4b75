# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Signals: a copy ends at once, by that signal, and leaves no file.

load helper

setup_file() {
	PATH=$TOOLS:$PATH
	if [[ -d $LAB/ext4 ]]; then
		mkdir -p "$LAB/ext4/many"
		mkfile "$LAB/ext4/many/source" data:700M:1
	fi
	# Files whose clone takes a second and more.
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
	rm -rf "$LAB"/{ext4,xfs,btrfs}/many
}

# dies_copying SIGNAL NUMBER
dies_copying() {
	local source=$LAB/ext4/many/source

	need ext4 tmpfs
	on ext4
	copy=$(place tmpfs)/copy
	run interrupt -w 8M "$1" "$REFLINKCP" "$source" "$copy"
	dies "$2"
	assert_absent "$copy"
	assert_equal "$(ls -A "$(place tmpfs)")" ""
	run interrupt -w 8M "$1" "$REFLINKCP" --reflink=never \
		"$source" copy
	dies "$2"
	assert_only
}

@test "SIGINT while bytes are copied" {
	dies_copying INT 2
}

@test "SIGTERM while bytes are copied" {
	dies_copying TERM 15
}

@test "SIGHUP while bytes are copied" {
	dies_copying HUP 1
}

@test "every other signal that ends a process, while bytes are copied" {
	local pair

	for pair in QUIT:3 XCPU:24 USR2:12 ALRM:14 VTALRM:26 PROF:27 POLL:29 \
		PWR:30 STKFLT:16; do
		dies_copying "${pair%:*}" "${pair#*:}"
	done
}

# dies_cloning FS SIGNAL NUMBER
dies_cloning() {
	need "$1"
	on "$1"
	run interrupt -d 400 "$2" "$REFLINKCP" --reflink=always \
		"$LAB/$1/many/source" copy
	dies "$3"
	assert_absent copy
	assert_only
}

@test "xfs: SIGINT while a file of half a million extents is cloned" {
	dies_cloning xfs INT 2
}

@test "xfs: SIGTERM while it is cloned" {
	dies_cloning xfs TERM 15
}

@test "xfs: SIGQUIT while it is cloned" {
	dies_cloning xfs QUIT 3
}

@test "xfs: SIGHUP while it is cloned" {
	dies_cloning xfs HUP 1
}

@test "btrfs: SIGTERM while a file of 120,000 extents is cloned" {
	dies_cloning btrfs TERM 15
}

@test "btrfs: SIGINT while it is cloned" {
	dies_cloning btrfs INT 2
}

# killed_copying OPTION...: SIGKILL while bytes are copied to the current
# directory, from another file system and from this one.
killed_copying() {
	local from

	cp "$source" same
	for from in "$source" same; do
		run interrupt -w 8M KILL "$REFLINKCP" --reflink=never "$@" \
			"$from" copy
		assert_output --partial "killed 9"
		assert_absent copy
	done
	rm same
}

# No file under its final name is half filled, and a second run makes it.
@test "SIGKILL while bytes are copied leaves no half file" {
	local fs

	need ext4 tmpfs
	source=$(place ext4)/source
	mkfile "$source" data:200M:1
	for fs in xfs btrfs ext4 tmpfs overlay; do
		mkdir "$(place "$fs")/to"
		cd "$(place "$fs")/to"
		killed_copying -T
		killed_copying -p
		killed_copying --sparse=always
		killed_copying --range=1:100M:7
		assert_equal "$(ls -A)" ""
		run -0 rcp -auT "$source" copy
		assert_same "$source" copy
		rm copy
	done
}

# A file system without such files: the private name is what is left.
@test "SIGKILL where files can't be unnamed leaves a private name" {
	need ext4
	source=$(place ext4)/source
	mkfile "$source" data:100M:1
	on xfs
	oddfs real odd
	cd odd
	killed_copying -p
	[[ $(ls -A) == .reflinkcp.????????* ]] || fail "$(ls -A)"
	rm .reflinkcp.*
	run -0 rcp -auT "$source" copy
	assert_same "$source" copy
	assert_only copy
}

@test "xfs: SIGKILL while a file is cloned leaves nothing" {
	need xfs
	on xfs
	run interrupt -d 400 KILL "$REFLINKCP" "$LAB/xfs/many/source" copy
	assert_output --partial "killed 9"
	assert_only
}

# Some of the old content is replaced by then, and there is no telling what.
empties_old() {
	need "$1"
	on "$1"
	mkfile copy data:8M:1
	before=$(inode copy)
	run interrupt -d 400 INT "$REFLINKCP" "$LAB/$1/many/source" copy
	dies 2
	assert_only copy
	assert_equal "$(inode copy)" "$before"
	assert_equal "$(stat -c '%s %Y' copy)" "0 0"
	assert_output --partial "'copy' is empty now"
}

@test "xfs: SIGINT while it is cloned onto an existing file: that is empty" {
	empties_old xfs
}

@test "btrfs: SIGINT while it is cloned onto an existing file: that is empty" {
	empties_old btrfs
}

# With any other signal as with this one.
@test "what a signal has emptied is copied by -u and by make" {
	local again

	need ext4 tmpfs
	on ext4
	mkfile source data:500M:1
	cd "$(place tmpfs)"
	printf 'copy: %s\n\t%s -T $< $@\n' \
		"$LAB/ext4/$(place_name)/source" "$REFLINKCP" >Makefile
	for again in "make -s" \
		"$REFLINKCP -u '$LAB/ext4/$(place_name)/source' copy"; do
		mkfile copy data:600M:2
		run interrupt -d 100 TERM "$REFLINKCP" --reflink=never \
			"$LAB/ext4/$(place_name)/source" copy
		dies 15
		assert_equal "$(stat -c '%s %Y' copy)" "0 0"
		assert_output --partial "'copy' is empty now"
		run -0 bash -c "$again"
		assert_same "$LAB/ext4/$(place_name)/source" copy
	done
}

@test "SIGTERM while the zeros of a hole are written" {
	need xfs
	on xfs
	truncate -s 4P source
	run interrupt -d 200 TERM "$REFLINKCP" --sparse=never source /dev/null
	dies 15
}

@test "SIGTERM while -f waits for the reader of a FIFO: the FIFO stays" {
	mkfile source data:1K:1
	mkfifo fifo
	run interrupt -d 200 TERM "$REFLINKCP" -f source fifo
	dies 15
	assert [ -p fifo ]
	refute_output --partial Interrupted
}

@test "the signal between two files: what is done stays, what isn't is gone" {
	need xfs
	on xfs
	mkdir into
	mkfile first data:1M:1
	mkdir sub
	ln "$LAB/xfs/many/source" second
	run interrupt -d 500 TERM "$REFLINKCP" first second into
	dies 15
	assert_same first into/first
	assert_absent into/second
}

# goes_on SIGNAL: ignored by the caller, it stays ignored.
goes_on() {
	need ext4 tmpfs
	on ext4
	mkfile source data:300M:1
	copy=$(place tmpfs)/copy
	run interrupt -i -w 1M "$1" "$REFLINKCP" source "$copy"
	assert_output --regexp '^exited 0 after [0-9]+$'
	assert_same source "$copy"
}

@test "SIGHUP ignored by the caller stays ignored" {
	goes_on HUP
}

@test "SIGINT ignored by the caller stays ignored" {
	goes_on INT
}

@test "SIGTERM ignored by the caller stays ignored" {
	goes_on TERM
}

@test "SIGHUP ignored by the caller while a clone runs" {
	need xfs
	on xfs
	run interrupt -i -d 300 HUP "$REFLINKCP" --reflink=always \
		"$LAB/xfs/many/source" copy
	assert_output --regexp '^exited 0 after [0-9]+$'
	assert_equal "$(stat -c %s copy)" \
		"$(stat -c %s "$LAB/xfs/many/source")"
}

@test "SIGINT while it waits for a FIFO" {
	on xfs
	mkfifo fifo
	run interrupt -d 200 INT "$REFLINKCP" fifo copy
	dies 2
	assert_only fifo
	run interrupt -d 200 TERM "$REFLINKCP" "$REFLINKCP" fifo
	dies 15
	assert_only fifo
}

@test "SIGINT while it asks" {
	on xfs
	echo 1 >a
	echo 2 >b
	mkfifo answers
	sleep 5 >answers &
	run interrupt -d 300 INT bash -c 'exec "$0" -i a b <answers 2>/dev/null' \
		"$REFLINKCP"
	kill $!
	dies 2
	assert_equal "$(cat b)" 2
}

@test "SIGINT leaves a backup where it was put" {
	need ext4 tmpfs
	on ext4
	mkfile source data:500M:1
	cd "$(place tmpfs)"
	echo old >copy
	run interrupt -d 40 INT "$REFLINKCP" -b --reflink=never \
		"$LAB/ext4/$(place_name)/source" copy
	dies 2
	[[ $(cat copy~ copy 2>/dev/null) == old ]] || fail "$(ls -l)"
}
