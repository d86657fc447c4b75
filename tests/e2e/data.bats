# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# The byte copy: holes, special files, sources that change, failures.

load helper

# --- holes ---

@test "ext4: from xfs, the holes stay where they were" {
	need xfs ext4
	a=$(place xfs)
	on ext4
	mkfile "$a/source" hole:1M data:64K:1 hole:2M data:128K:2 hole:1M
	sync "$a/source"
	run -0 rcp "$a/source" copy
	assert_same "$a/source" copy
	sync copy
	assert_equal "$(holes copy)" "\
hole 0 1048576
data 1048576 65536
hole 1114112 2097152
data 3211264 131072
hole 3342336 1048576"
}

@test "what is allocated but never written takes no room in the copy" {
	need xfs ext4
	on xfs
	mkfile source data:4K:1
	fallocate -l 64M source
	truncate -s 80M source
	sync source
	for place in "$(place ext4)" "$(place xfs)"; do
		run -0 rcp --reflink=never source "$place/copy"
		assert_same source "$place/copy"
		assert [ "$(bytes_allocated "$place/copy")" -le 65536 ]
	done
}

@test "a file that is one hole" {
	need xfs ext4
	a=$(place xfs)
	on ext4
	mkfile "$a/source" hole:10G
	run -0 timeout 20 "$REFLINKCP" "$a/source" copy
	assert_equal "$(stat -c %s copy)" 10737418240
	assert_equal "$(bytes_allocated copy)" 0
}

@test "a large file with a little data is copied without reading its holes" {
	need xfs ext4
	a=$(place xfs)
	on ext4
	mkfile "$a/source" data:1 hole:100G data:4K:1 hole:100G data:1:2
	run -0 timeout 20 "$REFLINKCP" "$a/source" copy
	assert_equal "$(stat -c %s copy)" "$(stat -c %s "$a/source")"
	assert [ "$(bytes_allocated copy)" -le 65536 ]
	assert_equal "$(holes copy | grep -c data)" \
		"$(holes "$a/source" | grep -c data)"
	run -0 timeout 20 "$REFLINKCP" --reflink=never "$a/source" copy2
	assert [ "$(bytes_allocated copy2)" -le 65536 ]
}

sparse_always() {
	on "$1"
	mkfile source zero:1M data:64K:1 zero:1M data:1
	sync source
	run -0 rcp --sparse=always --reflink=never source copy
	assert_same source copy
	assert [ "$(bytes_allocated copy)" -lt 200000 ]
	run -0 rcp --sparse=always source copy2
	assert_same source copy2
}

@test "xfs: --sparse=always makes holes of zeros where it copies" {
	sparse_always xfs
}

@test "btrfs: --sparse=always makes holes of zeros where it copies" {
	sparse_always btrfs
}

@test "ext4: --sparse=always makes holes of zeros" {
	sparse_always ext4
}

@test "tmpfs: --sparse=always makes holes of zeros" {
	sparse_always tmpfs
}

@test "--sparse=always: an existing destination with data gets the holes, too" {
	on ext4
	mkfile source zero:1M data:64K:1 zero:1M
	mkfile copy data:8M:2
	before=$(inode copy)
	run -0 rcp --sparse=always source copy
	assert_same source copy
	assert [ "$(bytes_allocated copy)" -lt 200000 ]
	assert_equal "$(inode copy)" "$before"
}

@test "--sparse=always: a file that ends in zeros keeps its length" {
	on ext4
	for size in 1 511 4096 4097 100000; do
		mkfile source "data:5000:1" "zero:$size"
		run -0 rcp --sparse=always source "copy.$size"
		assert_same source "copy.$size"
	done
	mkfile source zero:300001
	run -0 rcp --sparse=always source copy
	assert_same source copy
	assert_equal "$(bytes_allocated copy)" 0
}

@test "--sparse=never writes the zeros" {
	on ext4
	mkfile source hole:1M data:64K:1 hole:1M
	run -0 rcp --sparse=never source copy
	assert_same source copy
	assert [ "$(bytes_allocated copy)" -ge 2162688 ]
}

@test "--sparse=auto leaves zeros that are written as they are" {
	on ext4
	mkfile source zero:1M
	sync source
	run -0 rcp --sparse=auto source copy
	assert_same source copy
	assert [ "$(bytes_allocated copy)" -ge 1048576 ]
}

@test "holes over old data read as zeros" {
	need xfs ext4
	a=$(place xfs)
	on ext4
	mkfile "$a/source" hole:1M data:64K:1 hole:1M
	mkfile copy data:3M:2
	run -0 rcp "$a/source" copy
	assert_same "$a/source" copy
	mkfile copy data:3M:2
	run -0 rcp --reflink=never --sparse=auto "$a/source" copy
	assert_same "$a/source" copy
}

@test "each length near a block and a buffer is copied right" {
	need xfs ext4
	a=$(place xfs)
	on ext4
	for size in 1 511 512 4095 4096 4097 65535 65536 65537 131071 131073 \
		262143 262145 1048575 1048577; do
		mkfile "$a/source" "data:$size:1"
		rcp "$a/source" copy && cmp "$a/source" copy || fail "$size"
		rcp --reflink=never "$a/source" copy2 &&
			cmp "$a/source" copy2 || fail "$size, never"
	done
}

@test "more than 2 GiB go across" {
	need ext4 tmpfs
	on ext4
	mkfile source hole:2G data:1M:1 hole:1G data:1M:2
	run -0 rcp source "$(place tmpfs)/copy"
	assert_same source "$(place tmpfs)/copy"
}

# --- what is no regular file, or no ordinary one ---

@test "/proc and /sys: read to the end, though the size says 0" {
	for fs in xfs ext4; do
		on "$fs"
		run -0 rcp /proc/version version
		assert_same /proc/version version
		run -0 rcp /proc/filesystems filesystems
		assert_same /proc/filesystems filesystems
		run -0 rcp /sys/kernel/mm/transparent_hugepage/enabled enabled
		assert_same /sys/kernel/mm/transparent_hugepage/enabled enabled
		mkfile old data:1M:1
		run -0 rcp /proc/version old
		assert_same /proc/version old
		run -0 rcp --sparse=always /proc/version sparse
		assert_same /proc/version sparse
	done
}

@test "a large file of /proc" {
	run -0 rcp /proc/kallsyms copy
	assert_same /proc/kallsyms copy
}

@test "/proc with --reflink=always is refused, and leaves nothing" {
	on xfs
	run -1 rcp --reflink=always /proc/version copy
	assert_absent copy
}

@test "a FIFO as source: what comes out of it" {
	on xfs
	mkfile data data:3M:1
	mkfifo fifo
	cat data >fifo &
	run -0 timeout 20 "$REFLINKCP" fifo copy
	assert_same data copy
	wait
}

@test "a FIFO as destination: all goes in" {
	on xfs
	mkfile data data:3M:1
	mkfifo fifo
	cat fifo >got &
	run -0 timeout 20 "$REFLINKCP" data fifo
	wait
	assert_same data got
	[[ -p fifo ]]
}

@test "a FIFO as destination whose reader goes away is a failure" {
	mkfile data data:3M:1
	mkfifo fifo
	head -c 10 fifo >/dev/null &
	run -1 timeout 20 "$REFLINKCP" data fifo
	assert_output "$ME: error writing 'fifo': Broken pipe"
}

@test "a device as destination gets the bytes, and stays a device" {
	need_root
	truncate -s 8M image
	device=$(losetup --show -f "$PWD/image")
	on xfs
	mkfile data data:5M:1 hole:64K data:1M:2
	run rcp data "$device"
	how=$status said=$output
	cmp -n "$(stat -c %s data)" data "$device"
	same=$?
	run rcp "$device" back
	how2=$status
	cmp back "$device"
	same2=$?
	losetup -d "$device"
	assert_equal "$how$same$how2$same2$said" 0000
	assert_equal "$(stat -c %F back)" "regular file"
}

@test "/dev/null, /dev/full and /dev/stdout as destinations" {
	on xfs
	mkfile data data:3M:1
	run -0 rcp data /dev/null
	[[ -c /dev/null ]]
	refused "error writing '/dev/full': No space left on device" \
		data /dev/full
	rcp data /dev/stdout >got
	assert_same data got
	rcp data /dev/stdout | cat >got2
	assert_same data got2
	rcp data /dev/fd/1 | cat >got3
	assert_same data got3
}

@test "/dev/stdin as source, a file or a pipe" {
	on xfs
	mkfile data data:3M:1
	rcp /dev/stdin one <data
	assert_same data one
	mkfifo pipe
	cat data >pipe &
	rcp /dev/stdin two <pipe
	assert_same data two
}

@test "/dev/stdout opened to append: nothing of it is overwritten" {
	on xfs
	mkfile data data:100K:1
	mkfile log data:50K:2
	cat log data >expected
	rcp data /dev/stdout >>log || true
	# Opened anew by its name, as cp does it, the file is overwritten;
	# what must not happen is a mixture.
	cmp log expected || cmp log data
}

@test "a source of device nodes is read, not made" {
	need_root
	head -c 1M /dev/zero >zeros
	run -0 rcp /dev/null empty
	assert_equal "$(stat -c '%F %s' empty)" "regular empty file 0"
}

# preallocate: make the sources anew, since what was read looks like data.
preallocate() {
	rm -f one two three
	# Room for all, data in the middle.
	fallocate -l 8M one
	dd if=data of=one bs=64K seek=20 conv=notrunc status=none
	# Holes, and as much room beyond the end.
	mkfile two data:64K:1 hole:2M data:64K:2 hole:1M
	fallocate -n -o 4M -l 8M two
	# A small file.
	mkfile three data:4K:1 hole:64K data:1:2
	fallocate -n -o 1M -l 1M three
	sync one two three
}

# preallocated FS: of what has room and was never written, holes are made.
preallocated() {
	local source to option

	need "$1" xfs ext4
	on "$1"
	mkfile data data:64K:1
	for to in $(place xfs)/copy $(place ext4)/copy; do
		for option in --reflink=never --sparse=auto --sparse=always; do
			preallocate
			for source in one two three; do
				[[ $(bytes_allocated $source) -ge $(stat -c %s $source) ]]
				rm -f "$to"
				run -0 rcp $option $source "$to"
				assert_same $source "$to"
				sync "$to"
				# In memory to look for holes takes too long.
				[[ $1$source$option == tmpfsone--[!s]* ||
					$1$source$option == tmpfsone*auto ]] &&
					continue
				[[ $(bytes_allocated "$to") -le 150000 ]] ||
					fail "$option $source: $(bytes_allocated "$to")"
			done
		done
		for source in one two three; do
			run -0 rcp --sparse=never $source "$to"
			assert_same $source "$to"
			[[ $(bytes_allocated "$to") -ge $(stat -c %s $source) ]]
		done
	done
}

@test "xfs: room that was never written is left out of the copy" {
	preallocated xfs
}

@test "ext4: room that was never written is left out of the copy" {
	preallocated ext4
}

@test "btrfs: room that was never written is left out of the copy" {
	preallocated btrfs
}

@test "tmpfs: room that was never written is left out of the copy" {
	preallocated tmpfs
}

@test "a file system that errs about holes makes no holes of data" {
	on xfs
	mkdir real
	mkfile real/f data:3M:1
	sync real/f
	oddfs real odd fail=lseek:ENXIO
	for option in --reflink=auto --reflink=never --sparse=always; do
		run -0 rcp "$option" odd/f copy
		assert_same real/f copy
	done
}

@test "a small file without holes is not asked for them" {
	unsanitized "leaks can't be looked for under strace"
	need ext4
	on xfs
	mkfile source data:8K:1
	sync source
	strace -f -o trace "$REFLINKCP" source "$(place ext4)/copy"
	run grep -c SEEK_ trace
	assert_output 0
}

# --- sizes that are not true ---

# wrong_size TOLD [OPTION...]: the size of odd/f is told as TOLD; the content
# goes over, and a warning says where it ends.
wrong_size() {
	local told=$1 true

	shift
	true=$(stat -c %s real/f)
	oddfs real "odd$told" "f:size=$told"
	for to in xfs ext4 btrfs; do
		to=$(place $to)/copy
		mkfile "$to" data:2M:3
		run -0 --separate-stderr rcp "$@" "odd$told/f" "$to"
		assert_same real/f "$to"
		assert_equal "$stderr" \
			"$ME: warning: 'odd$told/f' has $true bytes, but its size says $told; all of it was copied to '$to'"
	done
	run -0 rcp "$@" "odd$told/f" "odd$told/copy"
	assert_same real/f real/copy
	rm real/copy
}

wrong_sizes() {
	need ext4 btrfs
	on xfs
	mkdir real
	mkfile real/f data:24:1
	wrong_size 3 "$@"
	wrong_size 0 "$@"
	wrong_size 25 "$@"
	wrong_size 4096 "$@"
	wrong_size 3000000 "$@"
	mkfile real/f hole:1M data:64K:1 hole:100K
	wrong_size 1500000 "$@"
	wrong_size 4000 "$@"
	wrong_size 1050000 "$@"
	wrong_size 1150000 "$@"
	wrong_size 1216511 "$@"
}

@test "a source whose size is told too small or too large is copied to its end" {
	wrong_sizes
}

@test "the same with reads and writes only" {
	wrong_sizes --reflink=never
}

@test "the same with --sparse=always" {
	wrong_sizes --sparse=always
}

@test "the same with --sparse=never" {
	wrong_sizes --sparse=never
}

@test "a source whose size is not known to be exact, and is: nothing is said" {
	on xfs
	mkdir real
	oddfs real odd direct
	for given in data:100K:1 zero:0 hole:1M hole:1M,data:1,hole:1M; do
		mkfile real/f ${given//,/ }
		run -0 rcp odd/f copy
		assert_output ""
		assert_same real/f copy
		sync real/f copy
		[[ $(bytes_allocated copy) -le $(bytes_allocated real/f) ]]
	done
}

@test "a destination whose size is told too small loses its old content" {
	on xfs
	mkdir real
	mkfile real/f data:100K:1
	mkfile small data:1000:2
	oddfs real odd f:size=0
	run -0 rcp small odd/f
	assert_same small real/f
	mkfile real/f data:100K:1
	: >empty
	run -0 rcp empty odd/f
	assert_same empty real/f
}

@test "where sizes are exact, an empty source is not read" {
	unsanitized "leaks can't be looked for under strace"
	need xfs ext4 btrfs tmpfs
	for fs in xfs ext4 btrfs tmpfs; do
		on $fs
		: >empty
		: >old
		for to in xfs ext4 tmpfs; do
			strace -f -o trace "$REFLINKCP" --reflink=never empty \
				"$(place $to)/copy"
			run grep -E "(read|pread64)\(3," trace
			refute_output --partial ', "", '
			touch -a -d @1000000000 empty
			run -0 rcp -p empty "$(place $to)/copy"
			assert_equal "$(stat -c %X empty)" 1000000000
		done
	done
}

@test "where it can be cloned, an empty source is not read" {
	unsanitized "leaks can't be looked for under strace"
	on overlay
	: >empty
	strace -f -o trace "$REFLINKCP" empty copy
	run grep -E "(read|pread64)\(3," trace
	refute_output --partial ', "", '
	run -0 grep -c FICLONE trace
	assert_output 1
}

@test "what a source of a file system that isn't known costs: one look at it" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkdir real into
	mkfile one data:10K:1
	mkfile two data:10K:2
	cp one two real
	strace -f -o trace -e trace=fstatfs "$REFLINKCP" --reflink=never one two into
	assert_equal "$(grep -c fstatfs trace)" 1
	strace -f -o trace -e trace=fstatfs "$REFLINKCP" one two into
	assert_equal "$(grep -c fstatfs trace)" 0
}

# --- regular files without offsets ---

# no_seeking OPTION...: odd/s and odd/d can't seek; real has what they show.
no_seeking() {
	local given

	on xfs
	mkdir real
	oddfs real odd s:stream d:stream
	for given in data:3M:1 data:1 zero:1M hole:1M,data:64K:1,hole:1M \
		data:64K:1,hole:1M,data:1M:2; do
		mkfile plain ${given//,/ }
		cp --sparse=always plain real/s
		run -0 rcp "$@" odd/s copy
		assert_same plain copy
		mkfile real/d data:10:3
		run -0 rcp "$@" plain odd/d
		assert_same plain real/d
		run -0 rcp "$@" odd/s odd/d
		assert_same plain real/d
		run -0 rcp "$@" odd/s odd/new
		assert_same plain real/new
	done
}

@test "files that can't seek are copied from and to" {
	no_seeking
}

@test "files that can't seek, with reads and writes only" {
	no_seeking --reflink=never
}

@test "files that can't seek, --sparse=always" {
	no_seeking --sparse=always
}

@test "files that can't seek, --sparse=never" {
	no_seeking --sparse=never
}

@test "a file of /proc that is written as a whole" {
	need_root
	on xfs
	unshare --user sleep 60 3>&- &
	child=$!
	echo "0 0 1" >map
	until [[ $(readlink /proc/$child/exe) == */sleep ]]; do
		kill -0 $child
		sleep 0.02
	done
	run rcp map /proc/$child/uid_map
	how=$status said=$output
	run rcp /proc/$child/uid_map copy
	kill $child
	assert_equal "$how$said" 0
	assert_equal "$(awk '{ print $1, $2, $3 }' copy)" "0 0 1"
}

# --- sources that change ---

# consistent SOURCE COPY STATUS: either it failed, and a new file is gone, or
# what is there is a beginning of what the source is or was.
consistent() {
	if [[ $3 -ne 0 ]]; then
		assert_absent "$2"
		return
	fi
	local size

	size=$(stat -c %s "$2")
	assert [ "$(stat -c %s "$1")" -ge "$size" ]
	cmp -n "$size" "$1" "$2"
}

@test "a source that grows while it is copied" {
	need ext4 tmpfs
	on ext4
	mkfile source data:200M:1
	copy=$(place tmpfs)/copy
	run timeout 60 "$TOOLS/race" grow source "$REFLINKCP" source "$copy"
	assert [ "$status" -le 1 ]
	consistent source "$copy" "$status"
	run timeout 60 "$TOOLS/race" grow source "$REFLINKCP" \
		--reflink=never source copy2
	assert [ "$status" -le 1 ]
	consistent source copy2 "$status"
}

@test "a source that grows while it is cloned: one moment of it" {
	on xfs
	mkfile source data:1M:1
	for i in 1 2 3 4 5; do
		run timeout 60 "$TOOLS/race" grow source "$REFLINKCP" \
			--reflink=always source "copy$i"
		assert [ "$status" -le 1 ]
		consistent source "copy$i" "$status"
	done
}

@test "a source that shrinks while it is copied is told, or whole" {
	need ext4 tmpfs
	on ext4
	mkfile source data:300M:1
	mkfile model data:300M:1
	copy=$(place tmpfs)/copy
	run timeout 60 "$TOOLS/race" shrink source "$REFLINKCP" \
		--reflink=never source "$copy"
	assert [ "$status" -le 1 ]
	if [[ $status -eq 0 ]]; then
		size=$(stat -c %s "$copy")
		assert [ "$size" -ge "$(stat -c %s source)" ]
		cmp -n "$size" model "$copy"
	else
		assert_absent "$copy"
		assert_output --partial "source"
	fi
}

@test "a source whose name is given to another file: one of them, whole" {
	need ext4 tmpfs
	on ext4
	mkfile a data:3M:1
	mkfile b data:2M:2
	mkfile one data:3M:1
	mkfile two data:2M:2
	copy=$(place tmpfs)/copy
	for i in {1..20}; do
		run -0 race swap a b "$REFLINKCP" a "$copy"
		cmp -s one "$copy" || cmp -s two "$copy" || fail "run $i"
		rm "$copy"
	done
}

# --- no room ---

# no_room FS: the data doesn't fit.
no_room() {
	need "$1" tmpfs
	mkfile "$(place tmpfs)/source" data:16M:1
	on "$1"
	refused "error writing 'copy': No space left on device" \
		"$(place tmpfs)/source" copy
	assert_absent copy
	refused "error writing 'copy': No space left on device" \
		--reflink=never "$(place tmpfs)/source" copy
	assert_absent copy
	assert_only
}

@test "full xfs: the new file is gone, the failure told" {
	no_room full-xfs
}

@test "full btrfs: the new file is gone, the failure told" {
	no_room full-btrfs
}

@test "full ext4: the new file is gone, the failure told" {
	no_room full-ext4
}

@test "full tmpfs: the new file is gone, the failure told" {
	no_room full-tmpfs
}

# not_one_block FS: nothing at all can be written any more.
not_one_block() {
	need "$1"
	on "$1"
	mkdir rest
	fill rest
	run -1 --separate-stderr rcp --reflink=never "$LAB/$1/source" copy
	assert_absent copy
	[[ $stderr == *"No space left on device"* ]] || fail "$stderr"
	run rcp "$LAB/$1/source" copy
	if [[ $status -eq 0 ]]; then
		assert_same "$LAB/$1/source" copy
	else
		assert_absent copy
	fi
	rm -r rest
}

@test "xfs without a free block" {
	not_one_block full-xfs
}

@test "btrfs without a free block" {
	not_one_block full-btrfs
}

@test "ext4 without a free block" {
	not_one_block full-ext4
}

@test "tmpfs without a free block" {
	not_one_block full-tmpfs
}

@test "full disk: an existing destination that failed keeps its inode" {
	need tmpfs
	on full-ext4
	mkfile "$(place tmpfs)/source" data:16M:1
	echo old >copy
	before=$(inode copy)
	run -1 rcp "$(place tmpfs)/source" copy
	assert_equal "$(inode copy)" "$before"
}

# fails_onto FS MTIME: a source of that time is too large for an existing file.
# What is left of that is empty, and older than the source.
fails_onto() {
	rm -f "$from/source" copy
	mkfile "$from/source" data:16M:1
	touch -d "$2" "$from/source"
	echo old >copy
	refused "error writing 'copy': No space left on device; 'copy' is empty now" \
		-p "$from/source" copy
	assert_equal "$(stat -c %s copy)" 0
	[[ copy -ot $from/source ]] || fail "$1: $(stat -c %y copy)"
}

# The second run finds a source that fits, as old as the first.
repaired_by() {
	local time=$1

	shift
	mkfile "$from/small" data:10K:2
	touch -d "$time" "$from/small"
	mv "$from/small" "$from/source"
	run -0 "$@"
	assert_same "$from/source" copy
}

@test "full disk: a second run does not take what was emptied for done" {
	local fs time

	need tmpfs
	from=$(place tmpfs)
	for fs in xfs btrfs ext4 tmpfs; do
		on full-$fs
		for time in "2001-01-01" "1969-12-31 12:00" "1970-01-01 00:00:00Z"; do
			fails_onto "$fs" "$time"
			repaired_by "$time" rcp -u "$from/source" copy
			fails_onto "$fs" "$time"
			repaired_by "$time" rcp -auT "$from/source" copy
		done
		rm copy
	done
}

@test "full disk: make does not take what was emptied for done" {
	local fs

	need tmpfs
	from=$(place tmpfs)
	for fs in xfs btrfs ext4 tmpfs; do
		on full-$fs
		printf 'copy: %s/source\n\t%s -T $< $@\n' "$from" "$REFLINKCP" \
			>Makefile
		fails_onto "$fs" 2001-01-01
		repaired_by 2001-01-01 make
		rm copy Makefile
	done
}

# The times of another's file can't be set, but the message can be read.
@test "full disk: who doesn't own the file is told that it is empty" {
	need_root
	need tmpfs
	from=$(place tmpfs)
	on full-ext4
	mkfile "$from/source" data:16M:1
	chmod 644 "$from/source"
	echo old >copy
	chmod 666 copy
	run -1 as_nobody "$REFLINKCP" "$from/source" copy
	assert_output --partial "'copy' is empty now"
	assert_equal "$(stat -c %s copy)" 0
	rm copy
}

@test "full disk: what a link to nothing was to become is as unfinished" {
	need tmpfs
	from=$(place tmpfs)
	on full-ext4
	mkfile "$from/source" data:16M:1
	ln -s copy link
	POSIXLY_CORRECT=1 run -1 rcp "$from/source" link
	assert_output --partial "'link' is empty now"
	assert_equal "$(stat -c '%s %Y' copy)" "0 0"
	rm copy
}

@test "full disk: of several files, the rest is copied" {
	need tmpfs
	on full-ext4
	from=$(place tmpfs)
	mkfile "$from/large" data:16M:1
	mkfile "$from/small" data:10K:2
	mkdir into
	run -1 rcp "$from/large" "$from/small" into
	assert_absent into/large
	assert_same "$from/small" into/small
}

@test "btrfs quota: the new file is gone, the failure told" {
	need quota-btrfs tmpfs
	mkfile "$(place tmpfs)/source" data:40M:1
	mkdir -p "$LAB/quota-btrfs/limited"
	cd "$LAB/quota-btrfs/limited"
	run --separate-stderr rcp "$(place tmpfs)/source" copy
	how=$status said=$stderr
	there=$(ls)
	rm -f copy
	cd /
	sync -f "$LAB/quota-btrfs"
	assert_equal "$how" 1
	[[ $said == *"Disk quota exceeded"* ]] || fail "$said"
	assert_equal "$there" ""
}

@test "btrfs quota: a clone that it doesn't allow is not copied instead" {
	on quota-btrfs
	mkfile source data:40M:1
	sync source
	copy=$LAB/quota-btrfs/limited/copy
	run --separate-stderr rcp source "$copy"
	how=$status said=$stderr
	gone=$([[ -e $copy ]] || echo gone)
	if [[ $how -eq 0 ]]; then
		run cmp source "$copy"
		same=$status
	fi
	rm -f "$copy"
	sync -f .
	if [[ $how -eq 0 ]]; then
		assert_equal "$same" 0
	else
		assert_equal "$how $gone" "1 gone"
		[[ $said == *"Disk quota exceeded"* ]] || fail "$said"
	fi
}

@test "ext4 quota: the new file is gone, the failure told" {
	need_where_known quota-ext4
	on quota-ext4
	chmod 777 .
	mkfile source data:8M:1
	run -1 --separate-stderr as_nobody "$REFLINKCP" source copy
	assert_equal "$stderr" "$ME: error writing 'copy': Disk quota exceeded"
	assert_absent copy
}

# --- what can't be written ---

read_only() {
	need "ro-$1"
	source=$BATS_TEST_TMPDIR/source
	mkfile "$source" data:10K:1
	on "$1"
	echo old >old
	mkdir dir
	cd "$LAB/ro-$1/$(place_name)" || return 1
	refused "cannot create regular file 'new': Read-only file system" \
		"$source" new
	refused "cannot create regular file 'dir/source': Read-only file system" \
		"$source" dir
	refused "cannot create regular file 'old': Read-only file system" \
		"$source" old
	assert_equal "$(cat old)" old
	run -1 rcp -f "$source" old
	run -1 rcp --remove-destination "$source" old
	run -1 rcp -b "$source" old
	assert_equal "$(cat old)" old
	assert_only old dir
}

@test "read-only xfs" {
	read_only xfs
}

@test "read-only btrfs" {
	read_only btrfs
}

@test "read-only ext4" {
	read_only ext4
}

@test "read-only tmpfs" {
	read_only tmpfs
}

immutable() {
	need_root
	on "$1"
	mkfile source data:10K:1
	echo old >old
	chattr +i old
	remember old
	run -1 --separate-stderr rcp source old
	assert_equal "$stderr" \
		"$ME: cannot create regular file 'old': Operation not permitted"
	run -1 rcp -f source old
	run -1 rcp --remove-destination source old
	run -1 rcp --reflink=always source old
	run -1 rcp -b source old
	assert_untouched
	chattr -i old
	assert_only source old
}

@test "immutable destination on xfs" {
	immutable xfs
}

@test "immutable destination on btrfs" {
	immutable btrfs
}

@test "immutable destination on ext4" {
	immutable ext4
}

@test "append-only destination" {
	need_root
	on xfs
	mkfile source data:10K:1
	echo old >old
	chattr +a old
	remember old
	run -1 rcp source old
	assert_untouched
}

@test "an immutable directory" {
	need_root
	on xfs
	mkfile source data:10K:1
	mkdir dir
	chattr +i dir
	refused "cannot create regular file 'dir/source': Operation not permitted" \
		source dir
	chattr -i dir
}

@test "RLIMIT_FSIZE: a failure that is told, not a kill" {
	on ext4
	mkfile source data:2M:1
	run -1 --separate-stderr bash -c 'ulimit -f 1024; "$0" source copy' \
		"$REFLINKCP"
	[[ $stderr == *"File too large"* ]] || fail "$stderr"
	assert_absent copy
	on xfs
	mkfile source data:2M:1
	run -1 --separate-stderr bash -c 'ulimit -f 1024; "$0" source copy' \
		"$REFLINKCP"
	[[ $stderr == *"File too large"* ]] || fail "$stderr"
	assert_absent copy
	run -1 bash -c 'ulimit -f 1024; "$0" --reflink=never source copy' \
		"$REFLINKCP"
	assert_absent copy
}

@test "a source that can't be read" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:10K:1
	chmod 0 source
	run -1 as_nobody "$REFLINKCP" source copy
	assert_output "$ME: cannot open 'source' for reading: Permission denied"
	assert_absent copy
}

@test "a source that fails in the middle is a failure, and no new file stays" {
	need_root
	run -1 rcp /proc/self/mem copy
	assert_absent copy
}

@test "a file whose length can't be set keeps content and time" {
	local errno

	on xfs
	mkfile source data:9000:1
	mkdir real
	mkfile real/f data:5000:2
	touch -d 2020-01-01 real/f
	remember real/f
	for errno in ENOSYS EPERM EIO; do
		oddfs real "odd$errno" "fail=truncate:$errno"
		run -1 rcp source "odd$errno/f"
		refute_output --partial "now"
		assert_untouched
		assert_equal "$(stat -c %Y real/f)" \
			"$(date -d 2020-01-01 +%s)"
	done
}

@test "a source that can be read once is not read again for a name that is taken" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkdir real
	mkfile real/source data:2M:1
	oddfs real odd stream
	strace -f -o /dev/null -e trace=linkat \
		-e inject=linkat:delay_enter=1000000 "$REFLINKCP" \
		odd/source copy 2>said &
	sleep 0.5
	[[ ! -e copy ]] || fail "it had its name too early"
	echo other >copy
	wait $! && fail "exit 0"
	assert_equal "$(<copy)" other
	assert_equal "$(<said)" \
		"$ME: cannot create regular file 'copy': File exists"
}

@test "FUSE without rename, as object storage: a large file gets its own name first" {
	local errno

	on xfs
	mkfile source data:2M:1
	mkdir real tree
	cp source tree/one
	cp source tree/two
	for errno in ENOSYS EPERM EOPNOTSUPP EINVAL; do
		oddfs real "odd$errno" "fail=rename:$errno" \
			"fail=link:ENOSYS"
		run -0 rcp source "odd$errno/copy"
		assert_same source real/copy
		run -0 rcp -R tree "odd$errno/tree"
		run -0 diff -r tree real/tree
		assert_equal "$(ls -A real)" $'copy\ntree'
		rm -r real/copy real/tree
	done
}
