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

@test "50,000 names of 250 bytes in one directory in 8 MiB" {
	unsanitized "sanitizers take memory"
	on tmpfs
	mktree long source 50000
	for jobs in 1 2; do
		kib=$(peak "$REFLINKCP" -R -j "$jobs" source "copy-$jobs")
		assert_equal "$(find "copy-$jobs" -type f | wc -l)" 50000
		assert [ "$kib" -le 8192 ]
	done
}

@test "directories that are left before they were read to their end" {
	on tmpfs
	for i in {1..3}; do
		mkdir -p "source/$i/b/c/d/e/f/g/h/i/j"
		mktree long "source/$i" 4400
		mktree long "source/$i/b/c/d" 4400
		mkdir -p "source/$i/a/b/c/d/e/f/g/h/i/j"
	done
	for jobs in 1 4; do
		for room in 16 64 1000; do
			run -0 bash -c 'ulimit -n "$1" && exec "${@:2}"' - $room \
				"$REFLINKCP" -a -j $jobs source copy
			assert_output ""
			run -0 treecmp source copy
			rm -rf copy
		done
	done
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

# in_group DIRECTORY COMMAND...: in that control group, of either version.
in_group() {
	bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@"
}

# threads_in DIRECTORY ARGUMENT...: threads started by a copy in that group.
threads_in() {
	in_group "$1" strace -f -o "$BATS_TEST_TMPDIR/trace" \
		-e trace=clone,clone3 "$REFLINKCP" "${@:2}" || return 1
	grep -c clone "$BATS_TEST_TMPDIR/trace"
}

# Make the control groups $group and $group/below with a quota of $1 of 100000.
limit_group() {
	if [[ -e $group/cpu.max ]]; then
		echo "$1 100000" >"$group/cpu.max"
	else
		echo 100000 >"$group/cpu.cfs_period_us"
		echo "$1" >"$group/cpu.cfs_quota_us"
	fi
}

cleanup() {
	[[ ! ${group-} ]] || rmdir "$group"/below "$group"
}

@test "the default of -j heeds the CPU quota of a control group above" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers start threads"
	need_root
	[[ $(nproc) -ge 2 ]] || lacks "needs two processors"
	local root
	for root in /sys/fs/cgroup/cpu /sys/fs/cgroup; do
		[[ -d $root ]] || continue
		mkdir -p "$root/$(place_name).$$/below" 2>/dev/null || continue
		group=$root/$(place_name).$$
		[[ -e $group/cpu.max || -e $group/cpu.cfs_quota_us ]] && break
		cleanup
		group=
	done
	[[ $group ]] || lacks "no control groups with a CPU controller"
	on tmpfs
	mkdir many
	touch many/{1..1000}
	limit_group 50000
	assert_equal "$(threads_in "$group/below" -a many copy-1)" 0
	assert_equal "$(threads_in "$group" -a many copy-2)" 0
	assert [ "$(threads_in "$group/below" -a -j 2 many copy-3)" -ge 1 ]
	limit_group 150000
	assert [ "$(threads_in "$group/below" -a many copy-4)" -ge 1 ]
}

# faked PROC-TEXT DIRECTORY FILE TEXT...: the threads of a copy where
# /proc/self/cgroup has PROC-TEXT and /sys/fs/cgroup/DIRECTORY these files.
faked() {
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/cgroup"
	rm -rf copy
	unshare -m --propagation private bash -c '
		mount -t tmpfs none /sys/fs/cgroup &&
			mkdir -p "/sys/fs/cgroup/$3" &&
			cd "/sys/fs/cgroup/$3" || exit
		program=$1 trace=$2/trace text=$2/cgroup dir=$4
		shift 4
		while [[ $# -gt 0 ]]; do
			echo "$2" >"$1"
			shift 2
		done
		cd "$dir" || exit
		exec strace -f -o "$trace" -e trace=clone,clone3 bash -c '\''
			mount --bind "$1" /proc/$$/cgroup &&
				exec "$0" -a many copy'\'' "$program" "$text"
	' - "$REFLINKCP" "$BATS_TEST_TMPDIR" "$2" "$PWD" "${@:3}" || return 1
	grep -cE 'clone.*CLONE_THREAD' "$BATS_TEST_TMPDIR/trace"
}

@test "the default of -j heeds quotas of both versions, wherever they stand" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers start threads"
	need_root
	[[ $(nproc) -ge 2 ]] || lacks "needs two processors"
	on tmpfs
	mkdir many
	touch many/{1..1000}
	local half="50000 100000" v2=0::/a/b v1=3:cpu,cpuacct:/a/b
	# The own group, one above, the root of a container.
	assert_equal "$(faked $v2 a/b cpu.max "$half")" 0
	assert_equal "$(faked $v2 a/b ../cpu.max "$half")" 0
	assert_equal "$(faked $v2 c ../cpu.max "$half")" 0
	assert_equal "$(faked 0::/ . cpu.max "$half")" 0
	assert_equal "$(faked 0::/../x . cpu.max "$half")" 0
	assert_equal "$(faked $v1 cpu/a/b cpu.cfs_quota_us 50000 \
		cpu.cfs_period_us 100000)" 0
	assert_equal "$(faked $v1 cpu ./cpu.cfs_quota_us 50000 \
		cpu.cfs_period_us 100000)" 0
	# The lowest counts.
	assert_equal "$(faked $v2 a/b cpu.max "$half" ../cpu.max "max 100000" \
		../../cpu.max "900000 100000")" 0
	# No limit, another group's, one that can't be read: as many as ever.
	assert [ "$(faked $v2 a/b cpu.max "max 100000")" -ge 1 ]
	assert [ "$(faked $v2 a/c cpu.max "$half")" -ge 1 ]
	assert [ "$(faked $v2 a/b cpu.max "")" -ge 1 ]
	assert [ "$(faked $v2 a/b cpu.max "200000 100000")" -ge 1 ]
	assert [ "$(faked "" a/b cpu.max "$half")" -ge 1 ]
	assert [ "$(faked $v1 cpu/a/b cpu.cfs_quota_us -1)" -ge 1 ]
	# Version 1 has the controller, whatever stands in version 2.
	assert [ "$(faked "$v1
$v2" a/b cpu.max "$half")" -ge 1 ]
}

@test "locale and quota are looked up before the first thread, and only then" {
	[[ ${REFLINKCP_SANITIZED-} ]] && skip "sanitizers start threads"
	on tmpfs
	mkdir few many old
	touch few/{1..20} many/{1..1000}
	ln -s nowhere old/500
	local trace=$BATS_TEST_TMPDIR/trace first
	run -1 env LC_ALL=C.UTF-8 strace -f -o "$trace" \
		-e trace=openat,clone,clone3 "$REFLINKCP" -aT -j 8 many old
	assert_output --partial "'old/500'"
	first=$(grep -n -m 1 clone "$trace")
	first=${first%%:*}
	assert [ "$(head -n "$first" "$trace" | grep -c /locale/)" -ge 1 ]
	assert_equal "$(tail -n "+$first" "$trace" | grep -c /locale/)" 0
	run -0 env LC_ALL=C.UTF-8 strace -f -o "$trace" -e trace=openat \
		"$REFLINKCP" -a few copy
	assert_equal "$(grep -cE '/locale/|cgroup' "$trace")" 0
}

# calls N ARGUMENT...: the system calls of a copy of N plain files, and COPY
# as the destination.
calls() {
	local n=$1

	shift
	rm -rf copy
	strace -f -o "$BATS_TEST_TMPDIR/trace" "$REFLINKCP" "$@" \
		"source-$n" copy || return 1
	# Now and then it asks whether SIGUSR1 has come, the more often the slower.
	grep -E '^[0-9]+ +[a-z]' "$BATS_TEST_TMPDIR/trace" | grep -cv rt_sigtimedwait
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

# few N ARGUMENT...: with N descriptors, of which three are taken.
few() {
	# shellcheck disable=SC2016
	run -0 bash -c 'for fd in /proc/$$/fd/*; do
			[[ ${fd##*/} -le 2 ]] || eval "exec ${fd##*/}>&-"
		done
		ulimit -n "$1" && exec "${@:2}"' bash "$1" "$REFLINKCP" "${@:2}"
	assert_output ""
}

# cp needs five or six.
@test "a few descriptors are enough for any depth" {
	local from n dir

	need ext4
	from=$(place ext4)
	on xfs
	mkdir -p "$from/source/"{1..3}/{a..c} into
	mkdir -p "$from/source/"{1/2/3/4/5/6/7/8/9/10/11/12,many}
	while read -r dir; do
		echo "$dir" | tee "$dir/one" >"$dir/two"
		ln "$dir/one" "$dir/three"
		ln -s two "$dir/four"
		mkfifo "$dir/five"
	done < <(find "$from/source" -type d)
	touch "$from/source/many/"{1..200}
	cp -a "$from/source" here
	for n in 9 10 12 16 24 40; do
		for source in "$from/source" here; do
			few $n -aT "$source" copy
			run -0 diff -r --no-dereference -x five "$source" copy
			few $n -a -t into "$source"
			# Over what is there, with what needs more of them.
			few $n -a -j8 --backup=numbered -t into "$source"
			few $n -a --reflink=never -t into "$source"
			run -0 diff -r --no-dereference -x five -x '*~' \
				"$source" "into/${source##*/}"
			rm -rf copy into/*
		done
	done
	few 8 -aT here copy
}
