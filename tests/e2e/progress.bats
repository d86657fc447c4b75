# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164
# The line that says how far a run is.

load helper

export TERM=xterm

setup_file() {
	PATH=$TOOLS:$PATH
	# A file whose clone takes seconds.
	if [[ -d $LAB/xfs ]]; then
		mkdir -p "$LAB/xfs/asked"
		mkfile "$LAB/xfs/asked/source" many:500000
	fi
	if [[ -d $LAB/btrfs ]]; then
		mkdir -p "$LAB/btrfs/asked"
		mkfile "$LAB/btrfs/asked/source" many:120000
	fi
}

teardown_file() {
	rm -rf "$LAB/xfs/asked" "$LAB/btrfs/asked"
}

# A line as a signal has it printed.
asked='^[0-9]+ files?, [0-9.]+ [KMG]?i?B of at least [0-9.]+ [KMG]iB, [0-9.]+ [KMG]?i?B/s$'

# answers_cloning FS: asked in the middle of a clone, it says how far it is.
answers_cloning() {
	local bytes

	need "$1"
	on "$1"
	run interrupt -d 700 USR1 "$REFLINKCP" --reflink=always \
		"$LAB/$1/asked/source" copy
	assert_line --regexp "$asked"
	assert_line --regexp '^exited 0 after [0-9]+$'
	bytes=${lines[0]#*, }
	[[ $bytes != "0 B"* ]] || fail "$output"
	assert_same "$LAB/$1/asked/source" copy
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
		run interrupt -w 1M USR1 "$REFLINKCP" "$option" source "$copy"
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
	run interrupt -w 1M USR1 bash -c 'exec "$@" 2>&-' - "$REFLINKCP" \
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

# Half a second and more of work, from ext4 to tmpfs.
make_work() {
	need ext4 tmpfs
	on ext4
	[[ -e tree ]] || mktree wide tree 1000
	[[ -e long ]] || mkfile long data:300M:1
	into=$(place tmpfs)
}

@test "-g: the line is drawn, and gone at the end" {
	make_work
	run -0 pty -c 80 -r "$REFLINKCP" -ag tree long "$into"
	assert_output --regexp '[0-9]+ of (at least )?[0-9]+ files, .* of (at least )?[0-9]+ MiB, '
	run -0 pty -c 80 -s "$REFLINKCP" -a --progress tree long "$into"
	assert_output ""
	run -0 treecmp tree "$into/tree"
}

@test "-g: ten times a second at most" {
	local start lines

	make_work
	start=${EPOCHREALTIME/./}
	pty -r "$REFLINKCP" -ag tree long "$into" >out
	lines=$(grep -o $'\033\\[J' out | wc -l)
	[[ $lines -gt 0 ]] || fail "$(cat out)"
	[[ $((lines * 100000)) -le $((${EPOCHREALTIME/./} - start + 100000)) ]] ||
		fail "$lines in $((${EPOCHREALTIME/./} - start)) us"
}

@test "-g: a line never fills the last column" {
	local columns

	make_work
	for columns in 1 2 5 10 20 30 40 60 80 200; do
		rm -rf "${into:?}"/*
		run -0 pty -c "$columns" -r "$REFLINKCP" -ag tree long "$into"
		tr '\r' '\n' <<<"$output" | sed 's/\x1b\[J//' >drawn
		[[ $(wc -L <drawn) -lt $columns ]] || fail "$columns: $(cat drawn)"
		run -0 pty -c "$columns" -s "$REFLINKCP" -ag tree long "$into"
		assert_output ""
	done
}

@test "-g: the terminal becomes narrower and wider" {
	make_work
	run -0 pty -c 100,30 -r "$REFLINKCP" -ag tree long "$into"
	assert_output --partial " files, "
	rm -rf "${into:?}"/*
	run -0 pty -c 100,30 -s "$REFLINKCP" -ag tree long "$into"
	assert_output ""
	rm -rf "${into:?}"/*
	run -0 pty -c 20,200 -s "$REFLINKCP" -ag tree long "$into"
	assert_output ""
}

@test "-g: messages, and lines of -v, have lines of their own" {
	make_work
	pty -c 200 -s "$REFLINKCP" -rgv tree none long none2 "$into" >out || true
	[[ $(grep -c "^'.*' -> '.*'$" out) -gt 1000 ]] || fail "$(tail out)"
	run grep -v "^'.*' -> '.*'$" out
	assert_output "$ME: cannot stat 'none': No such file or directory
$ME: cannot stat 'none2': No such file or directory"
}

@test "-g: a question has a line of its own" {
	make_work
	: >"$into/long"
	: >"$into/last"
	: >last
	run -0 pty -c 80 -s -a y "$REFLINKCP" -ig long last "$into"
	assert_output "$ME: overwrite '$into/long'? y
$ME: overwrite '$into/last'? y"
	assert_same long "$into/long"
}

@test "-g: not a terminal, a dumb one, or one without a name: nothing" {
	local term

	make_work
	run -0 rcp -ag tree long "$into"
	assert_output ""
	for term in dumb ""; do
		TERM=$term run -0 pty -r "$REFLINKCP" -ag tree long "$into"
		assert_output ""
	done
	run -0 env -u TERM pty -r "$REFLINKCP" -ag tree long "$into"
	assert_output ""
	# Standard output does not count.
	run -0 pty -r bash -c 'exec "$@" 2>err' - "$REFLINKCP" -ag tree long "$into"
	assert_equal "$output$(cat err)" ""
}

# There is no colour to be left out.
@test "-g: NO_COLOR changes nothing" {
	make_work
	NO_COLOR=1 run -0 pty -r "$REFLINKCP" -ag tree long "$into"
	assert_output --partial " files, "
	refute_output --partial "m"$'\033'
}

@test "-g: the job in the background draws nothing" {
	make_work
	run -0 pty -r bash -c 'set -m; "$@" & wait $!' - "$REFLINKCP" -ag tree \
		long "$into"
	refute_output --partial files
}

@test "-g: a line that was drawn before it went to the background is not cleared" {
	need xfs
	on xfs
	run -0 pty -r bash -c '
		set -m
		(sleep 0.7; read -r pid <pid; kill -TSTP "$pid") &
		bash -c "echo \$\$ >pid; exec \"\$@\"" - "$@"
		echo "a prompt"
		bg %+
		kill %+
		wait %+
		echo the end' - "$REFLINKCP" -g --reflink=always \
		"$LAB/xfs/asked/source" copy
	[[ $output == *$'\e[J'*"a prompt"* ]] || fail "$output"
	[[ ${output#*a prompt} != *$'\e'* ]] || fail "$output"
}

# gone_after SIGNAL NUMBER FS: with the line on the terminal, in a long clone.
gone_after() {
	need "$3"
	on "$3"
	run pty -c 80 -s interrupt -d 700 "$1" "$REFLINKCP" -g \
		--reflink=always "$LAB/$3/asked/source" copy
	dies "$2"
	assert_equal "${#lines[@]}" 1
	assert_only
}

@test "-g: xfs: SIGINT while a file of half a million extents is cloned" {
	gone_after INT 2 xfs
}

@test "-g: btrfs: SIGTERM while a file of 120,000 extents is cloned" {
	gone_after TERM 15 btrfs
}

@test "-g: one long clone shows how far it is" {
	need xfs
	on xfs
	run pty -c 80 -r interrupt -d 2000 TERM "$REFLINKCP" -g \
		--reflink=always "$LAB/xfs/asked/source" copy
	assert_output --regexp '0 of 1 file, [0-9.]+ [KM]iB of 1.9 GiB, [0-9]+%, [0-9.]+ [KM]iB/s, [0-9:]+ left'
}

@test "-g: SIGUSR1 prints a line that stays" {
	need xfs
	on xfs
	run pty -c 80 -s bash -c '"$@" 3>&- & sleep 0.7; kill -USR1 $!; sleep 0.3
		kill $!; wait $!' - "$REFLINKCP" -g "$LAB/xfs/asked/source" copy
	assert_output --regexp '^0 of 1 file, [0-9.]+ [KM]iB of 1.9 GiB, [0-9]+%.* left$'
}

@test "-g: the terminal goes away" {
	make_work
	run pty -g "$REFLINKCP" -ag tree long "$into"
	# By SIGHUP.
	[[ $status -eq 129 ]] || fail "$status: $output"
	rm -rf "${into:?}"/*
	run pty -g bash -c 'trap "" HUP; exec "$@"' - "$REFLINKCP" -ag tree \
		long "$into"
	[[ $status -eq 0 ]] || fail "$status: $output"
	run -0 treecmp tree "$into/tree"
}

@test "-g: standard error closed" {
	make_work
	run -0 bash -c 'exec "$@" 2>&-' - "$REFLINKCP" -ag tree long "$into"
	assert_output ""
	run -0 treecmp tree "$into/tree"
}

# With a clone that takes seconds, and is ended after one.
make_clone() {
	need xfs
	on xfs
	mkdir into
	into=$PWD/into
	long=$LAB/xfs/asked/source
}

# counts WANT OPTION... SOURCE: how many files it says are to be done in all.
counts() {
	rm -rf "${into:?}"/*
	run pty -c 200 -r interrupt -d 700 TERM "$REFLINKCP" -g "${@:2}" \
		"$long" "$into"
	assert_output --partial " of $1 files, "
}

@test "-g: what is counted is what is copied" {
	make_clone
	mkdir -p tree/sub tree/other
	: >long
	touch tree/{a,b,sub/c}
	ln -s ../long tree/link
	ln -s .. tree/sub/up
	ln -s sub tree/down
	counts 7 -r tree
	counts 7 -rP tree
	ln -s tree treelink
	counts 7 -RH treelink
	counts 2 -P treelink
	rm tree/sub/up
	# Through links: a, b, link, sub/c, down/c.
	counts 6 -rL tree
	need_root
	mount -t tmpfs none tree/other
	touch tree/other/d
	counts 6 -rx tree
	counts 7 -r tree
	umount tree/other
}

@test "-g: with few descriptors and deep trees the end is not known" {
	make_work
	mktree deep deep 100
	run -0 pty -c 200 -r "$REFLINKCP" -ag deep long "$into"
	assert_output --partial " of at least "
	refute_output --partial " left"
	rm -rf "${into:?}"/*
	run -0 bash -c 'ulimit -n 24; exec "$@"' - pty -c 200 -r "$REFLINKCP" \
		-ag deep long "$into"
	refute_output --partial "Too many"
	run -0 treecmp deep "$into/deep"
}

# Reading a directory changes its time of access, which -a preserves.
@test "-g: times of access are those from before" {
	make_clone
	mktree wide tree 1000
	find tree -type d -exec touch -a -d 2001-02-03 {} +
	rm -rf "${into:?}"/*
	run -0 pty -c 80 -r "$REFLINKCP" -ag "$long" tree "$into"
	assert_output --partial "of 1001 files"
	# A look at a directory would change it.
	run bash -c 'stat -c %x "$1"/tree "$1"/tree/{0..9} | cut -c-10 | sort -u' \
		- "$into"
	assert_output 2001-02-03
}

@test "-g: beside --json" {
	make_work
	run -0 keeping pty -c 80 -r "$REFLINKCP" -ag --json=report.jsonl \
		tree long "$into"
	assert_output --partial " files, "
}
