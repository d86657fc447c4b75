# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Where a clone works: everything is shared, nothing of the source changes.

load helper

# clones FS: a file that is no multiple of the block, written and not synced.
clones() {
	on "$1"
	mkfile source data:3000001:1
	touch -d '2001-02-03 04:05:06.123456789' source
	remember source
	run -0 --separate-stderr rcp --reflink=always source copy
	assert_equal "$output$stderr" ""
	assert_same source copy
	assert_shared source copy
	assert_untouched
	run -0 rcp source copy2
	assert_same source copy2
	assert_shared source copy2
}

@test "xfs: a file is cloned, all of it shared, the source untouched" {
	clones xfs
}

@test "xfs with 1 KiB blocks: a file is cloned" {
	clones xfs1k
}

@test "btrfs: a file is cloned, all of it shared, the source untouched" {
	clones btrfs
}

@test "btrfs without data checksums: a file is cloned" {
	clones btrfs-nodatasum
}

@test "overlay: a file is cloned through it" {
	clones overlay
}

@test "overlay with its lower layer elsewhere: a file of the upper one is cloned" {
	clones overlay-mixed
}

clones_gigabyte() {
	on "$1"
	mkfile source data:1G:1
	remember source
	run -0 rcp --reflink=always source copy
	assert_shared source copy
	assert_equal "$(stat -c %s copy)" 1073741824
	assert_same source copy
	assert_untouched
}

@test "xfs: 1 GiB is cloned, all of it shared" {
	clones_gigabyte xfs
}

@test "btrfs: 1 GiB is cloned, all of it shared" {
	clones_gigabyte btrfs
}

# The whole clone takes no room: it works where a copy could not.
@test "xfs: a clone takes no room for the data" {
	on full-xfs
	run -0 rcp "$LAB/full-xfs/source" copy
	assert_shared "$LAB/full-xfs/source" copy
	assert_same "$LAB/full-xfs/source" copy
}

@test "a sparse file of 1 TiB is cloned at once" {
	on xfs
	mkfile source hole:1000G data:8K hole:24G data:1
	run -0 timeout 20 "$REFLINKCP" source copy
	assert_shared source copy
	assert_equal "$(stat -c %s copy)" "$(stat -c %s source)"
	assert_equal "$(holes copy)" "$(holes source)"
}

clones_onto_longer() {
	on "$1"
	mkfile source data:100001:1
	mkfile old data:500003:2
	chmod 640 old
	before=$(inode old)
	run -0 rcp --reflink=always source old
	assert_same source old
	assert_shared source old
	assert_equal "$(inode old)" "$before"
	assert_equal "$(stat -c %a old)" 640
}

@test "xfs: always clones onto a longer file, from one that is no multiple of the block" {
	clones_onto_longer xfs
}

@test "xfs1k: always clones onto a longer file" {
	clones_onto_longer xfs1k
}

@test "btrfs: always clones onto a longer file" {
	clones_onto_longer btrfs
}

@test "overlay: always clones onto a longer file" {
	clones_onto_longer overlay
}

# clones_onto SIZE OLD...: a file of SIZE bytes onto one of each of the others.
clones_onto() {
	local size=$1 old

	for old in "${@:2}"; do
		mkfile source "data:$size:1"
		mkfile copy "data:$old:2"
		rcp --reflink=always source copy || fail "$size onto $old"
		cmp source copy || fail "$size onto $old"
	done
}

@test "a clone onto a longer file ends where the source ends, for each length near a block" {
	on xfs
	for size in 1 4095 4096 4097 8191 8192 8193 65536; do
		clones_onto $size 0 1 4095 4096 4097 8191 8192 8193 100000
	done
}

@test "the same on btrfs" {
	on btrfs
	for size in 1 4095 4096 4097 8193; do
		clones_onto $size 0 1 4095 4096 4097 8193 100000
	done
}

@test "a file with a hole at its end, larger than the old destination" {
	on xfs
	mkfile source data:10000:1 hole:1M
	mkfile copy data:20000:2
	run -0 rcp --reflink=always source copy
	assert_same source copy
}

@test "writing to a clone leaves the source as it was" {
	on xfs
	mkfile source data:1M:1
	mkfile expected data:1M:1
	run -0 rcp source copy
	mkfile -o 500K copy data:64K:9
	assert_same source expected
	run -1 cmp source copy
	run -1 extents shared copy source
}

@test "a source that is dirty in memory is cloned as it is now" {
	on btrfs
	mkfile source data:1M:1
	sync source
	mkfile -o 300K source data:100K:2
	run -0 rcp --reflink=always source copy
	assert_same source copy
}

@test "an empty file is made, and made empty" {
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		: >source
		mkfile old data:10000:1
		before=$(inode old)
		run -0 rcp --reflink=auto source new
		run -0 rcp source old
		assert_equal "$(stat -c %s new old)" $'0\n0'
		assert_equal "$(inode old)" "$before"
	done
}

@test "an empty file is no reason for always to fail where cloning works" {
	on xfs
	: >source
	run -0 rcp --reflink=always source new
	[[ -f new ]]
}

# --- Btrfs ---

is_nocow() {
	[[ $(lsattr "$1" | cut -d ' ' -f 1) == *C* ]]
}

@test "btrfs: a +C image is cloned to a +C copy" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile images/disk data:20M:1
	run -0 rcp --reflink=always images/disk copy
	assert_shared images/disk copy
	assert_same images/disk copy
	assert is_nocow copy
}

@test "btrfs: a normal file is cloned into a +C directory, as a normal file" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile source data:1M:1
	run -0 rcp --reflink=always source images/copy
	assert_shared source images/copy
	refute is_nocow images/copy
}

@test "btrfs: a +C file onto a normal one that holds data is copied" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile images/disk data:1M:1
	mkfile old data:2M:2
	before=$(inode old)
	run -0 rcp images/disk old
	assert_same images/disk old
	assert_equal "$(inode old)" "$before"
}

@test "btrfs: always, of a +C file onto a normal one: shared, or refused without harm" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile images/disk data:1M:1
	mkfile old data:2M:2
	remember old
	run rcp --reflink=always images/disk old
	if [[ $status -eq 0 ]]; then
		assert_shared images/disk old
		assert_same images/disk old
	else
		assert_failure 1
		assert_untouched
	fi
}

@test "btrfs: an empty +C destination for a normal source" {
	on btrfs
	mkfile source data:1M:1
	: >copy
	chattr +C copy
	run -0 rcp source copy
	assert_same source copy
}

# new_kernel ARGUMENT...: the program on a kernel where a file that had +C has
# no checksums for good (tests/fault/failcall.c).
new_kernel() {
	"$TOOLS/../fault/reflinkcp_faulty" "$@"
}

# has_checksums FILE...: each can be cloned to and from a normal file.
has_checksums() {
	local file

	mkfile normal data:100K:7
	for file; do
		run -0 new_kernel --reflink=always "$file" from-it
		: >to-it
		refute is_nocow "$file"
		run -0 getfattr -m nodatasum "$file"
		assert_output ""
	done
	rm -f normal from-it to-it
}

@test "btrfs: no file is given +C and then relieved of it" {
	need_root
	on btrfs
	chmod 755 .
	mkdir images
	chattr +C images
	mkfile source data:1M:1
	mkfile images/disk data:1M:2
	# Into a +C directory, as a normal file.
	for options in --reflink=auto --reflink=always -a \
		"-a --reflink=never" "-b --reflink=always" \
		"--remove-destination --reflink=always"; do
		# shellcheck disable=SC2086
		run -0 new_kernel $options source images/copy
		assert_same source images/copy
		has_checksums images/copy
		[[ $options == *never ]] || assert_shared source images/copy
	done
	run -0 new_kernel --range=0:512K:64K --reflink=always source images/part
	has_checksums images/part
	# Out of it.
	for options in --reflink=auto --reflink=always -a; do
		rm -f copy
		run -0 new_kernel $options images/disk copy
		assert_shared images/disk copy
		assert is_nocow copy
		run -0 getfattr -m nodatasum copy
		assert_output ""
	done
	run -0 new_kernel --range=0:512K:64K --reflink=always images/disk part
	assert is_nocow part
	assert_only copy images part source
	run -0 ls -A images
	assert_output $'copy\ncopy~\ndisk\npart'
}

@test "btrfs: a clone that is refused leaves no trace of +C" {
	local einval=22 sticky=2 refused=0 n

	need_root
	on btrfs
	chmod 755 .
	mkdir images
	chattr +C images
	mkfile images/disk data:100K:2
	# Each call fails with EINVAL from the n-th on: those that clone as well.
	for n in {1..70}; do
		rm -f copy old
		: >old
		for to in copy old; do
			FAILCALL=0:$n:$sticky:$einval run new_kernel images/disk $to
			[[ $status -eq 0 ]] || continue
			assert_same images/disk $to
			extents shared images/disk $to && continue
			refute is_nocow $to
			run -0 getfattr -m nodatasum $to
			assert_output ""
			refused=$((refused + 1))
		done
		FAILCALL=0:$n:$sticky:$einval run new_kernel \
			--reflink=always images/disk always
		# It stays, empty, where it is unlink(2) that fails.
		[[ $status -eq 0 || ! -s always ]]
		rm -f always
	done
	assert [ "$refused" -ge 2 ]
}

@test "btrfs: compression is turned off for a +C image, so that it is cloned" {
	on btrfs
	mkdir images property flag never
	chattr +C images
	btrfs property set property compression zstd
	chattr +c flag
	chattr +m never
	mkfile images/disk data:1M:1
	for dir in property flag never; do
		for options in --reflink=always -a "-a --reflink=always"; do
			# shellcheck disable=SC2086
			run -0 rcp $options images/disk $dir/copy
			assert_shared images/disk $dir/copy
			assert is_nocow $dir/copy
			rm $dir/copy
		done
		run -0 rcp --range=0:512K:64K --reflink=always images/disk $dir/part
	done
}

@test "btrfs: -a takes no flag from the directory that it copies into" {
	on btrfs
	mkdir -p nocow flag source/{plain/sub,small,images}
	chattr +C nocow source/images
	chattr +c flag source/small
	for dir in plain plain/sub small images; do
		mkfile source/$dir/data data:100K:1
		: >source/$dir/empty
	done
	flags() {
		(cd "$1" && lsattr -R .)
	}
	for dir in nocow flag; do
		for options in -a "-a --reflink=never"; do
			# shellcheck disable=SC2086
			run -0 rcp $options source $dir/copy
			assert_output ""
			run -0 diff <(flags source) <(flags $dir/copy)
			rm -r $dir/copy
		done
		run -0 rcp -a source/plain/data source/plain/empty $dir
		assert_equal "$(lsattr $dir | cut -d ' ' -f 1 | tr -d -- -)" ""
		run -0 ls -A $dir
		assert_output $'data\nempty'
	done
}

@test "btrfs: a compressed file is cloned" {
	need btrfs
	on btrfs
	mkdir small
	chattr +c small
	mkfile small/source zero:8M data:100000:1 zero:4M
	sync small/source
	[[ $(extents small/source) == *encoded* ]]
	run -0 rcp --reflink=always small/source copy
	assert_shared small/source copy
	assert_same small/source copy
}

@test "btrfs: from one subvolume to another, and back" {
	need btrfs
	a=$(place btrfs)
	b=$LAB/btrfs/sub/$(place_name)
	mkdir "$b"
	mkfile "$a/source" data:2M:1
	run -0 rcp --reflink=always "$a/source" "$b/copy"
	assert_shared "$a/source" "$b/copy"
	assert_same "$a/source" "$b/copy"
	run -0 rcp --reflink=always "$b/copy" "$a/back"
	assert_shared "$a/source" "$a/back"
	rm -r "$b"
}

@test "btrfs: between two mounts of one file system" {
	need btrfs btrfs-sub
	a=$(place btrfs)
	b=$(place btrfs-sub)
	mkfile "$a/source" data:2M:1
	run -0 rcp --reflink=always "$a/source" "$b/copy"
	assert_shared "$a/source" "$b/copy"
	assert_same "$a/source" "$b/copy"
	run -0 rcp --reflink=always "$b/copy" "$a/back"
	assert_shared "$a/source" "$a/back"
}

@test "btrfs: out of a read-only snapshot; not into one" {
	on btrfs
	btrfs -q subvolume create sub
	mkfile sub/source data:2M:1
	btrfs -q subvolume snapshot -r sub snap
	run -0 rcp --reflink=always snap/source copy
	assert_shared snap/source copy
	refused "cannot create regular file 'snap/new': Read-only file system" \
		sub/source snap/new
	btrfs -q property set snap ro false
	btrfs -q subvolume delete sub snap
}

@test "btrfs: files whose checksums are off, which nothing shows, are copied" {
	on btrfs-nodatasum
	mkfile source data:1M:1
	sync source
	mount -o remount,datasum "$LAB/btrfs-nodatasum"
	run rcp --debug source copy
	said=$output
	run rcp --reflink=always source always
	how=$status
	mount -o remount,nodatasum "$LAB/btrfs-nodatasum"
	assert_equal "$how" 1
	assert_absent always
	assert_same source copy
	assert_disjoint source copy
	[[ $said == *"FICLONE: EINVAL"* ]] || fail "$said"
}

@test "xfs: from a read-only mount of the same file system" {
	need xfs ro-xfs
	on xfs
	mkfile source data:1M:1
	run -0 rcp --reflink=always "$LAB/ro-xfs/$(place_name)/source" copy
	assert_shared source copy
}

@test "overlay: a file of the lower layer on the same file system is cloned" {
	need xfs overlay
	mkdir -p "$LAB/xfs/.overlay/lower"
	mkfile "$LAB/xfs/.overlay/lower/$(place_name).low" data:1M:1
	on overlay
	low=$LAB/overlay/$(place_name).low
	run -0 rcp --reflink=always "$low" copy
	assert_same "$low" copy
	assert_shared "$low" copy
	rm -f "$LAB/xfs/.overlay/lower/$(place_name).low"
}

@test "overlay: from a lower layer elsewhere it is copied, and always refuses" {
	need ext4 overlay-mixed
	mkfile "$LAB/ext4/.overlay-mixed/$(place_name).low" data:1M:1
	on overlay-mixed
	low=$LAB/overlay-mixed/$(place_name).low
	run -0 rcp "$low" copy
	assert_same "$low" copy
	run -1 rcp --reflink=always "$low" always
	assert_absent always
	rm -f "$LAB/ext4/.overlay-mixed/$(place_name).low"
}

# --- who may ---

@test "a source that can only be read is cloned" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:1M:1
	chmod 444 source
	run -0 as_nobody "$REFLINKCP" --reflink=always source copy
	assert_shared source copy
	chattr +i source
	run -0 rcp --reflink=always source copy2
	assert_shared source copy2
}

@test "a new file under umask 777 is cloned" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:1M:1
	(umask 777 && as_nobody "$REFLINKCP" --reflink=always source copy)
	assert_shared source copy
	assert_equal "$(stat -c %a copy)" 0
}

# --- never ---

shares_nothing() {
	on "$1"
	mkfile source data:5M:1 hole:1M data:100001:2
	run -0 rcp --reflink=never source copy
	assert_same source copy
	assert_disjoint source copy
	mkfile old data:7M:3
	run -0 rcp --reflink=never source old
	assert_same source old
	assert_disjoint source old
}

@test "xfs: --reflink=never shares nothing" {
	shares_nothing xfs
}

@test "btrfs: --reflink=never shares nothing" {
	shares_nothing btrfs
}

@test "overlay: --reflink=never shares nothing" {
	shares_nothing overlay
}

@test "--sparse=never shares nothing" {
	on xfs
	mkfile source data:1M:1 hole:1M data:1M:2
	run -0 rcp --sparse=never source copy
	assert_same source copy
	assert_disjoint source copy
	assert_equal "$(holes copy)" "data 0 3145728"
}

@test "--sparse=always with --reflink=always is refused as cp refuses it" {
	on xfs
	mkfile source data:1M:1
	run -1 --separate-stderr rcp --reflink=always --sparse=always source new
	assert_absent new
	assert_equal "${stderr%%$'\n'*}" \
		"$ME: --reflink can be used only with --sparse=auto"
}

@test "an existing destination and its hard links become the clone" {
	on xfs
	mkfile source data:1M:1
	mkfile old data:2M:2
	ln old link
	run -0 rcp source old
	assert_shared source link
	assert_equal "$(stat -c %h old)" 2
}

@test "an active swap file is copied or refused, and never harmed" {
	need_root
	on ext4
	mkfile swap data:1M:1
	chmod 600 swap
	if ! mkswap swap >/dev/null 2>&1 || ! swapon swap 2>/dev/null; then
		skip "the kernel does not swap to files here"
	fi
	run rcp swap copy
	how=$status
	swapoff swap
	if [[ $how -eq 0 ]]; then
		assert_same swap copy
	else
		assert_absent copy
	fi
}

# What is cloned does not end with a block, and the old file is longer.
@test "always onto longer content, on each file system that clones" {
	local fs size

	for fs in xfs xfs1k xfs64k btrfs overlay; do
		[[ $fs == xfs64k ]] && need_where_known xfs64k
		on "$fs"
		for size in 1 777 4095 4097 70001 300001; do
			rm -f source old
			mkfile source "data:$size:1"
			mkfile old data:900K:2
			ln -f old other
			run -0 rcp --reflink=always source old
			assert_same source other
			assert_shared source old
			assert_only source old other
		done
	done
}

@test "always onto longer content, through a link from another file system" {
	need ext4
	on xfs
	mkfile source data:70001:1
	mkfile old data:900K:2
	ln -s "$PWD/old" "$(place ext4)/link"
	run -0 rcp --reflink=always source "$(place ext4)/link"
	assert_same source old
	assert_shared source old
}

# A whole clone is the source as it is at one instant, and not before.
@test "always onto longer content, of a source that grows" {
	local fs

	for fs in xfs btrfs; do
		on "$fs"
		mkfile source data:70001:1
		for _ in {1..20}; do
			truncate -s 900M old
			run -0 race grow source "$REFLINKCP" --reflink=always \
				source old
			run -0 cmp -n "$(stat -c %s old)" source old
			assert [ "$(stat -c %s old)" -ge 70001 ]
		done
	done
}

# The trial is made in a file of its own, so that nothing shows in this one.
@test "always onto longer content is refused without a trace" {
	local fs

	need ext4
	for fs in ext4 tmpfs xfs-noreflink; do
		on "$fs"
		mkfile source data:70001:1
		mkfile old data:900K:2
		remember old
		run -1 rcp --reflink=always source old
		assert_untouched
		assert_only source old
	done
	on btrfs
	mkfile source data:70001:1
	touch old
	chattr +C old
	mkfile part data:900K:2
	cat part >>old
	rm part
	remember old
	run -1 rcp --reflink=always source old
	assert_untouched
	assert_only source old
}

@test "always onto longer content: the copy is of one moment" {
	local fs

	for fs in xfs btrfs; do
		on "$fs"
		mkfile source data:12365:1
		cp source model
		for _ in {1..20}; do
			mkfile old data:60K:2
			# The last writer may have been killed half-way.
			cp model source
			run -0 race rewrite source "$REFLINKCP" \
				--reflink=always source old
			run bash -c 'od -An -v -tx1 -w1 old | uniq | wc -l'
			# Before the first pass it is what mkfile has made.
			[[ $output -eq 1 ]] || assert_same model old
		done
	done
}

@test "always onto longer content: the disk that is full is what is told" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkfile source data:9001:1
	mkfile old data:50K:2
	remember old
	run -1 strace -o /dev/null -e trace=ftruncate \
		-e inject=ftruncate:error=ENOSPC "$REFLINKCP" \
		--reflink=always source old
	assert_output "$ME: failed to clone 'old' from 'source': No space left on device"
	assert_untouched
}
