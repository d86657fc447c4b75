# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Trees that are deep or wide, with few descriptors, memory and system calls.

load helper

# copies_deep SOURCE COPY N ARGUMENT...: with 64 descriptors.
copies_deep() {
	run -0 bash -c 'ulimit -n 64 && exec "$@"' - \
		"$REFLINKCP" -aT "${@:4}" "$1" "$2"
	run -0 mktree is-deep "$2" "$3"
	assert_output ""
}

@test "10,000 levels, and once more onto the copy, with 64 descriptors" {
	on tmpfs
	mktree deep source 10000
	copies_deep source copy 10000
	copies_deep source copy 10000 --jobs=8
}

@test "10,000 levels on a disk and from one file system to another" {
	need tmpfs
	on xfs
	mktree deep source 10000
	copies_deep source copy 10000
	copies_deep source "$(place tmpfs)/copy" 10000
}

@test "-L: 120 levels, each reached by a link, with 64 descriptors" {
	on tmpfs
	mkdir pool
	mkdir pool/{1..120}
	for i in {1..120}; do
		echo "$i" >"pool/$i/before"
		echo "$i" >"pool/$i/zafter"
		ln -s "../$((i + 1))" "pool/$i/next"
	done
	rm pool/120/next
	for jobs in 1 8; do
		run -0 bash -c 'ulimit -n 64 && exec "$@"' - \
			"$REFLINKCP" -aL -j "$jobs" pool/1 "copy-$jobs"
		assert_output ""
		assert_equal "$(find "copy-$jobs" -type f | wc -l)" 240
		assert_equal "$(find "copy-$jobs" -mindepth 120 -type f \
			-exec cat {} +)" $'120\n120'
	done
}

@test "200 wide directories, 8 workers, 64 descriptors" {
	on tmpfs
	mkdir source
	for i in {1..200}; do
		mkdir "source/$i"
		touch "source/$i/"{1..20}
	done
	run -0 bash -c 'ulimit -n 64 && exec "$@"' - \
		"$REFLINKCP" -a -j 8 source copy
	assert_output ""
	run -0 treecmp source copy
}

@test "2,500 levels as an ordinary user, with directories that are read-only" {
	need_root
	on tmpfs
	chmod 777 .
	mktree deep source 2500
	run -0 as_nobody "$REFLINKCP" -a source copy
	run -0 mktree is-deep copy 2500
}

# peak COMMAND...: the most memory it had, in KiB.
peak() {
	local said

	cost "$BATS_TEST_TMPDIR/cost" "$@" || return 1
	read -r said _ <"$BATS_TEST_TMPDIR/cost"
	echo "$said"
}

@test "200,000 entries in one directory in 16 MiB" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers take memory"
	on tmpfs
	mktree many source 200000
	kib=$(peak "$REFLINKCP" -a source copy)
	assert_equal "$(find copy -type f | wc -l)" 200000
	assert [ "$kib" -le 16384 ]
}

@test "50,000 hard links in 16 MiB" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers take memory"
	on tmpfs
	mktree many source 25000
	mkdir source/z
	cp -l source/f* source/z
	kib=$(peak "$REFLINKCP" -a source copy)
	assert_equal "$(find copy -type f -links 2 | wc -l)" 50000
	assert_equal "$(find copy -type f -links 2 -printf '%i\n' |
		sort -u | wc -l)" 25000
	assert [ "$kib" -le 16384 ]
}

# threads ARGUMENT...: how many a copy starts.
threads() {
	strace -f -o "$BATS_TEST_TMPDIR/trace" -e trace=clone,clone3 \
		"$REFLINKCP" "$@" || return 1
	grep -c clone "$BATS_TEST_TMPDIR/trace"
}

@test "no thread is started that has nothing to do" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers start threads"
	on tmpfs
	mkdir few many tree tree/{1..40}
	touch few/{1..60} many/{1..1000} tree/{1..40}/x
	touch -d '2001-01-01' many/*
	assert_equal "$(threads -j 8 few/1 copy-1)" 0
	assert_equal "$(threads -a -j 8 few copy-2)" 0
	assert_equal "$(threads -a -j 1 many copy-3)" 0
	assert [ "$(threads -a -j 8 many copy-4)" -ge 1 ]
	assert [ "$(threads -a -j 8 tree copy-5)" -ge 1 ]
	run -0 treecmp many copy-4
	# In order: of lines, of answers, of what becomes a backup first.
	assert_equal "$(threads -a -j 8 -v many copy-6 | tail -n 1)" 0
	assert_equal "$(yes | threads -a -j 8 -i many copy-4 2>&1 |
		tail -n 1)" 0
	assert_equal "$(threads -a -j 8 --backup many copy-4)" 0
}

# calls N ARGUMENT...: the system calls of a copy of N plain files, and COPY
# as the destination.
calls() {
	local n=$1

	shift
	rm -rf copy
	strace -f -o "$BATS_TEST_TMPDIR/trace" "$REFLINKCP" "$@" \
		"source-$n" copy || return 1
	grep -cE '^[0-9]+ +[a-z]' "$BATS_TEST_TMPDIR/trace"
}

# each_costs CALLS ARGUMENT...: at most so many for one file more.
each_costs() {
	local most=$1 few many

	shift
	few=$(calls 100 "$@")
	many=$(calls 200 "$@")
	tail -n 40 "$BATS_TEST_TMPDIR/trace"
	echo "$((many - few)) calls for 100 files"
	[[ $((many - few)) -le $((most * 100)) ]]
}

# costs_at_most CALLS FS ARGUMENT...
costs_at_most() {
	local most=$1

	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers make calls"
	on "$2"
	shift 2
	mktree plain source-100 100
	mktree plain source-200 200
	each_costs "$most" -j 1 "$@"
}

@test "xfs: at most 11 system calls for a plain file of a tree with -a" {
	costs_at_most 11 xfs -a
}

@test "btrfs: at most 11 system calls for a plain file of a tree with -a" {
	costs_at_most 11 btrfs -a
}

@test "ext4, where bytes are copied: at most 12" {
	costs_at_most 12 ext4 -a
}

@test "xfs: at most 7 system calls for a plain file of a tree with -R" {
	costs_at_most 7 xfs -R
}

@test "at most 12 where the owner is another" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers make calls"
	need_root
	on xfs
	mktree plain source-100 100
	mktree plain source-200 200
	chown -R 1000:1000 source-*
	each_costs 12 -j 1 -a
}
