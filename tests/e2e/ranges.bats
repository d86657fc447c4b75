# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --range and --ranges-from: which blocks are shared, which bytes are copied,
# what is said, and what is refused.  The bytes are compared with what dd makes.

load helper

# put SOURCE SRC_OFFSET LENGTH DEST_OFFSET DEST: the same by dd.
put() {
	dd if="$1" iflag=skip_bytes,count_bytes skip="$2" count="$3" bs=64K \
		of="$5" oflag=seek_bytes seek="$4" conv=notrunc status=none
}

# lies A OFF LENGTH B OFF TEXT...: where these bytes of A lie, against B's.
lies() {
	assert_equal "$(extents range "${@:1:5}")" "$(printf '%s\n' "${@:6}")"
}

# says N WORDS: the rest of the line about range N.
says() {
	local line

	for line in "${lines[@]}"; do
		[[ $line == *": range $1, "* ]] || continue
		[[ $line == *": range $1, "*": "$2 ]] || fail "$line"
		return
	done
	fail "nothing was said of range $1: $output"
}

# --- what is shared ---

aligned() {
	on "$1"
	mkfile source data:1M:1
	mkfile old data:2M:2
	cp --reflink=never old want
	put source 64K 128K 512K want
	remember source
	run -0 --separate-stderr rcp -v --range=64K:128K:512K source old
	assert_equal "$output" \
		"'source' -> 'old': range 1, 65536:131072:524288: cloned"
	assert_equal "$stderr" ""
	assert_same old want
	lies old 512K 128K source 64K "shared 524288 131072"
	assert_disjoint old want
	assert_untouched
}

@test "xfs: an aligned range shares its blocks" {
	aligned xfs
}

@test "xfs with 1 KiB blocks: an aligned range shares its blocks" {
	aligned xfs1k
}

@test "btrfs: an aligned range shares its blocks" {
	aligned btrfs
}

@test "overlay: an aligned range shares its blocks" {
	aligned overlay
}

# equal_phase FS WORDS LINE...: how source's [1000, 201000) lies at 5096.
equal_phase() {
	on "$1"
	mkfile source data:1M:1
	mkfile old data:2M:2
	cp --reflink=never old want
	put source 1000 200000 5096 want
	run -0 rcp -v --range=1000:200000:5096 source old
	says 1 "$2"
	assert_same old want
	lies old 5096 200000 source 1000 "${@:3}"
}

@test "xfs: of an unaligned range of equal phase all but two edges are shared" {
	equal_phase xfs "cloned 196608, copied 3392: *a block of 4096" \
		"own 5096 3096" "shared 8192 196608" "own 204800 296"
}

@test "btrfs: of an unaligned range of equal phase all but two edges are shared" {
	equal_phase btrfs "cloned 196608, copied 3392: *a block of 4096" \
		"own 5096 3096" "shared 8192 196608" "own 204800 296"
}

@test "xfs with 1 KiB blocks: its edges are smaller" {
	equal_phase xfs1k "cloned 199680, copied 320: *a block of 1024" \
		"own 5096 24" "shared 5120 199680" "own 204800 296"
}

@test "xfs with 1 KiB blocks: what is aligned to 1024 is cloned" {
	on xfs1k
	mkfile source data:1M:1
	run -0 rcp -v --reflink=always --range=1K:7K:3K source new
	says 1 cloned
	lies new 3K 7K source 1K "shared 3072 7168"
	lies new 0 3K source 0 "hole 0 3072"
}

other_phase() {
	on "$1"
	mkfile source data:1M:1
	mkfile old data:2M:2
	cp --reflink=never old want
	put source 0 100000 "$2" want
	run -0 rcp -v --range="0:100000:$2" source old
	says 1 "copied: the offsets differ modulo the block size $3"
	assert_same old want
	assert_disjoint old source
}

@test "xfs: of a range of another phase nothing is shared, and it says why" {
	other_phase xfs 1 4096
	other_phase xfs 1024 4096
}

@test "xfs with 1 KiB blocks: of a range of another phase nothing is shared" {
	other_phase xfs1k 512 1024
}

@test "btrfs: of a range of another phase nothing is shared, and it says why" {
	other_phase btrfs 1 4096
}

@test "a range of equal phase that holds no whole block is copied" {
	on xfs
	mkfile source data:100K:1
	mkfile old data:100K:2
	cp old want
	put source 4100 4000 8196 want
	run -0 rcp -v --range=4100:4000:8196 source old
	says 1 "copied: *4096*"
	assert_same old want
	assert_disjoint source old
}

# The source ends in its 25th block.
tail_new() {
	on "$1"
	mkfile source data:100001:1
	run -0 rcp -v --reflink=always --range=64K:0:0 source new
	says 1 cloned
	lies new 0 34465 source 64K "shared 0 34465"
	assert_equal "$(stat -c %s new)" 34465
	run -0 cmp -i 65536:0 source new
}

tail_end() {
	on "$1"
	mkfile source data:100001:1
	mkfile old data:"$2":2
	cp --reflink=never old want
	put source 64K 34465 "$3" want
	run -0 rcp -v --reflink=always --range="64K::$3" source old
	says 1 cloned
	lies old "$3" 34465 source 64K "shared $3 34465"
	assert_same old want
}

tail_inside() {
	on "$1"
	mkfile source data:100001:1
	mkfile old data:200000:2
	cp --reflink=never old want
	put source 64K 34465 4096 want
	run -0 rcp -v --range=64K::4K source old
	says 1 "cloned 32768, copied 1697: *"
	lies old 4096 34465 source 64K "shared 4096 32768" "own 36864 1697"
	assert_same old want
}

for_tails() {
	tail_new "$1"
	tail_end "$1" 34465 0
	tail_end "$1" 34464 0
	tail_end "$1" 100 8192
	tail_end "$1" 42657 8192
	tail_inside "$1"
}

@test "xfs: the source's tail is cloned, but for what lands inside the old data" {
	for_tails xfs
}

@test "btrfs: the source's tail is cloned, but for what lands inside the old data" {
	for_tails btrfs
}

@test "several ranges in one run, each told" {
	on xfs
	mkfile source data:1M:1
	run -0 rcp -v --range=0:64K:0 --range=1:100:64K --range=64K:64K:1M \
		source new
	assert_equal "${#lines[@]}" 3
	says 1 cloned
	says 2 "copied: *"
	says 3 cloned
	put source 0 64K 0 want
	put source 1 100 64K want
	put source 64K 64K 1M want
	assert_same new want
	assert_equal "$(stat -c %s new)" 1114112
}

@test "a later range sees what an earlier one wrote, in one file" {
	on xfs
	mkfile file data:1M:1
	cp --reflink=never file want
	put want 0 8K 512K want
	put want 512K 4K 900K want
	run -0 rcp --range=0:8K:512K --range=512K:4K:900K file file
	assert_same file want
}

@test "--reflink=never copies what could be cloned" {
	on xfs
	mkfile source data:1M:1
	run -0 rcp -v --reflink=never --range=0:1M:0 source new
	says 1 "copied*"
	assert_same source new
	assert_disjoint source new
}

@test "what was written a moment ago is in the range" {
	on xfs
	mkfile source data:1M:1
	sync source
	mkfile -o 300K source data:100K:2
	run -0 rcp --reflink=always --range=256K:256K:0 source new
	run -0 cmp -i 262144:0 -n 262144 source new
}

@test "an offset far beyond the end leaves a hole" {
	on xfs
	mkfile source data:10000:1
	run -0 rcp --range=0:0:4T source new
	assert_equal "$(stat -c %s new)" 4398046521104
	run -0 cmp -i 0:4398046511104 source new
	assert_equal "$(holes new | head -n 1)" "hole 0 4398046511104"
	assert [ "$(bytes_allocated new)" -lt 100000 ]
}

# --- always ---

# inside RANGE BLOCK [PART]: it is refused, and nothing is written.  The message
# names PART of it, which can be cloned; without PART it names none.
inside() {
	local range=$1 block=$2 part=${3-} named

	mkfile old data:300K:2
	remember source old
	run -1 --separate-stderr rcp --reflink=always --range="$range" \
		source old
	[[ $output == "" && $stderr == *"cannot clone range"*"$block;"* ]] ||
		fail "$stderr"
	assert_untouched
	run -1 rcp --reflink=always --range="$range" source new
	assert_absent new
	named=$(grep -oE '[0-9]+:[0-9]+:[0-9]+' \
		<<<"${stderr##*block size}") || true
	assert_equal "$named" "$part"
	[[ $part ]] || return 0
	cp --reflink=never old want
	run -0 rcp --range="$range" source want
	run -0 rcp -v --reflink=always --range="$part" source old
	says 1 cloned
	# What it wrote is what the whole range would have written there.
	IFS=: read -r _ len off <<<"$part"
	run -0 cmp -i "$off:$off" -n "$len" old want
}

@test "xfs: always refuses what is unaligned, changes nothing, names the part that works" {
	on xfs
	mkfile source data:200001:1
	inside 1000:100000:5096 4096 4096:94208:8192
	inside 8192:5000:0 4096 8192:4096:0
	inside 1000:0:1000 4096 4096:192512:4096
	inside 1000:5000:1000 4096
	assert_equal "$stderr" "$ME: cannot clone range 1 (1000:5000:1000) of \
'source' to 'old': the block size is 4096; no whole block lies inside this range"
	inside 100:200:300 4096
	inside 0:100000:1 4096
	assert_equal "$stderr" "$ME: cannot clone range 1 (0:100000:1) of \
'source' to 'old': the block size is 4096; the offsets differ modulo that, so \
nothing can be cloned"
	inside 4096:8192:6144 4096
	inside 1:0:0 4096
}

@test "xfs with 1 KiB blocks: the same with blocks of 1024" {
	on xfs1k
	mkfile source data:200001:1
	inside 1000:100000:5096 1024 1024:99328:5120
	inside 0:100000:1 1024
	inside 100:200:300 1024
	inside 1000:5000:1000 1024 1024:4096:1024
}

@test "btrfs: always refuses what is unaligned, names the part that works" {
	on btrfs
	mkfile source data:200001:1
	inside 1000:100000:5096 4096 4096:94208:8192
	inside 0:100000:1 4096
}

@test "always: the last bytes of a source fit nowhere inside a longer destination" {
	on xfs
	mkfile source data:200001:1
	mkfile old data:300K:2
	remember source old
	refused "cannot clone range 1 (200000:1:7) of 'source' to 'old': the block size is 4096; the offsets differ modulo that, so nothing can be cloned" \
		--reflink=always --range=200000:1:7 source old
	assert_untouched
}

@test "always: where the second range is unaligned the first isn't done either" {
	on xfs
	mkfile source data:1M:1
	mkfile old data:1M:2
	remember old
	run -1 --separate-stderr rcp -v --reflink=always --range=0:64K:0 \
		--range=1:4K:64K source old
	assert_equal "$output" ""
	[[ $stderr == *"cannot clone range"*"1:4096:65536"* ]] || fail "$stderr"
	assert_untouched
	run -1 rcp --reflink=always --range=0:64K:0 --range=1:4K:64K source new
	assert_absent new
}

@test "always: a tail that was the end before an earlier range is no end any more" {
	on xfs
	mkfile source data:100001:1
	run -1 rcp --reflink=always --range=0:128K:0 source new
	mkfile file data:10000:1
	remember file
	run -1 --separate-stderr rcp --reflink=always --range=0:8K:32K \
		--range=8K:0:64K file file
	[[ $stderr == *"cannot clone range"* ]] || fail "$stderr"
	assert_untouched
}

@test "always refuses an overlap, and changes nothing" {
	for fs in xfs btrfs ext4; do
		on "$fs"
		mkfile file data:1M:1
		ln file link
		remember file
		run -1 --separate-stderr rcp --reflink=always \
			--range=0:64K:4K file file
		assert_equal "$output" ""
		[[ $stderr == "$ME: "* ]] || fail "$stderr"
		[[ $fs == ext4 || $stderr == *"cannot clone range"* ]] ||
			fail "$stderr"
		run -1 rcp --reflink=always --range=4K:64K:0 file link
		assert_untouched
	done
}

always_unsupported() {
	on "$1"
	mkfile source data:100K:1
	mkfile old data:50K:2
	remember source old
	for range in 0:64K:0 0:0:0 64K:4K:200K; do
		run -1 --separate-stderr rcp --reflink=always \
			--range="$range" source old
		[[ $stderr == *"Operation not supported"* ]] || fail "$stderr"
		run -1 rcp --reflink=always --range="$range" source new
	done
	run -1 rcp --reflink=always --range=1:100:3 source old
	assert_untouched
	assert_only source old
}

@test "ext4: always fails, and changes nothing" {
	always_unsupported ext4
}

@test "tmpfs: always fails, and changes nothing" {
	always_unsupported tmpfs
}

@test "always from one file system to another fails, and changes nothing" {
	need xfs ext4
	on xfs
	to=$(place ext4)
	mkfile source data:100K:1
	mkfile "$to/old" data:50K:2
	remember source "$to/old"
	run -1 --separate-stderr rcp --reflink=always --range=0:64K:0 source \
		"$to/old"
	[[ $stderr == *"Invalid cross-device link"* ]] || fail "$stderr"
	run -1 rcp --reflink=always --range=0:64K:0 source "$to/new"
	assert_absent "$to/new"
	assert_untouched
}

# --- across file systems ---

across() {
	need "$@"
	on "$1"
	to=$(place "$2")/to
	mkfile source data:300001:1
	mkfile "$to" data:1M:2
	cp --reflink=never "$to" want
	put source 0 200000 4096 want
	run -0 --separate-stderr rcp -v --range=0:200000:4096 source "$to"
	assert_equal "$stderr" ""
	says 1 "copied: FICLONERANGE: EXDEV"
	assert_same "$to" want
}

@test "from xfs to ext4 a range is copied, and it says why" {
	across xfs ext4
}

@test "from xfs to btrfs a range is copied, and it says why" {
	across xfs btrfs
}

@test "from tmpfs to xfs a range is copied, and it says why" {
	across tmpfs xfs
}

@test "ext4: a range is copied, and it says why" {
	on ext4
	mkfile source data:300001:1
	run -0 rcp -v --range=4K:0:4K source new
	says 1 "copied: FICLONERANGE: EOPNOTSUPP"
	put source 4K 300001 4K want
	assert_same new want
}

# --- split and join ---

split_by() {
	local i

	for i in 0 1 2 3 4 5 6 7; do
		case $1 in
		dd) dd if=big of=part.$i bs=1M skip=$((i * 128)) count=128 \
			conv=notrunc status=none ;;
		*) rcp --reflink=always --range=$((i * 128))M:128M:0 big \
			part.$i ;;
		esac || return
	done
}

join_by() {
	local i

	for i in 0 1 2 3 4 5 6 7; do
		case $1 in
		dd) dd if=part.$i of=joined bs=1M seek=$((i * 128)) \
			conv=notrunc status=none ;;
		*) rcp --reflink=always --range=0:0:$((i * 128))M part.$i \
			joined ;;
		esac || return
	done
}

# now_us: microseconds of a clock.
now_us() {
	echo "${EPOCHREALTIME/[.,]/}"
}

# split_and_join FS: sets $took, in microseconds, until it is on the disk.
split_and_join() {
	local started i

	on "$1"
	mkfile big data:1G:1
	started=$(now_us)
	split_by reflinkcp
	sync -f .
	join_by reflinkcp
	sync -f .
	took=$(($(now_us) - started))
	assert_same big joined
	assert_shared big joined
	for i in {0..7}; do
		lies "part.$i" 0 128M big $((i * 128))M "shared 0 134217728"
	done
	rm part.* joined
}

@test "xfs: a file of 1 GiB is split in 8 and joined again without a data block, ten times as fast as by dd" {
	local took started by_dd

	split_and_join xfs
	[[ ! ${REFLINKCP_SANITIZED-} ]] || return 0
	started=$(now_us)
	split_by dd
	sync -f .
	by_dd=$(($(now_us) - started))
	# There is no room for all of it three times.
	rm big
	started=$(now_us)
	join_by dd
	sync -f .
	by_dd=$((by_dd + $(now_us) - started))
	echo "# split and join: $((took / 1000)) ms, by dd: $((by_dd / 1000)) ms" >&3
	assert [ $((took * 10)) -lt "$by_dd" ]
}

@test "btrfs: a file of 1 GiB is split in 8 and joined again without a data block" {
	split_and_join btrfs
}

# --- holes ---

# hole_kept FS DEST_OFFSET HOLE-LINE WORDS
hole_kept() {
	on "$1"
	mkfile source data:64K:1 hole:64K data:64K:2
	mkfile old data:300K:3
	cp --reflink=never old want
	put source 0 192K "$2" want
	run -0 rcp -v --range="0:192K:$2" source old
	says 1 "$4"
	assert_same old want
	[[ $(holes old) == *"$3"* ]] || fail "$(holes old)"
	rm -f new want
	run -0 rcp --range="0:192K:$2" source new
	put source 0 192K "$2" want
	assert_same new want
	[[ $(holes new) == *"$3"* ]] || fail "$(holes new)"
}

@test "xfs: a hole in a cloned range is a hole, also where data was" {
	hole_kept xfs 4K "hole 69632 65536" cloned
}

@test "btrfs: a hole in a cloned range is a hole, also where data was" {
	hole_kept btrfs 4K "hole 69632 65536" cloned
}

@test "xfs: a hole in a copied range is a hole, also where data was" {
	hole_kept xfs 1 "hole 69632 61440" "copied *, holes *"
}

@test "btrfs: a hole in a copied range is a hole, also where data was" {
	hole_kept btrfs 1 "hole 69632 61440" "copied *, holes *"
}

@test "ext4: a hole in a copied range is a hole, also where data was" {
	hole_kept ext4 4K "hole 69632 65536" \
		"copied 131072, holes 65536: FICLONERANGE: EOPNOTSUPP"
	hole_kept ext4 1 "hole 69632 61440" "copied *, holes *"
}

@test "tmpfs: a hole in a copied range is a hole, also where data was" {
	hole_kept tmpfs 4K "hole 69632 65536" \
		"copied 131072, holes 65536: FICLONERANGE: EOPNOTSUPP"
}

@test "a destination grows by a hole at the end of the range" {
	for fs in xfs btrfs ext4 tmpfs; do
		for off in 0 1; do
			on "$fs"
			mkfile source data:8K:1 hole:4M
			run -0 rcp --range=0:0:$off source "new$off"
			assert_equal "$(stat -c %s "new$off")" \
				$((4202496 + off))
			run -0 cmp -i 0:$off source "new$off"
			assert [ "$(bytes_allocated "new$off")" -lt 65536 ]
		done
	done
}

@test "a range that is a hole only" {
	for fs in xfs btrfs ext4; do
		on "$fs"
		mkfile source hole:1M data:4K:1
		mkfile old data:1M:2
		cp --reflink=never old want
		put source 8K 512K 4097 want
		run -0 rcp --range=8K:512K:4097 source old
		assert_same old want
		run -0 rcp --range=8K:512K:4097 source new
		assert_equal "$(stat -c %s new)" 528385
		# A file is made longer by a byte: its block stays.
		assert [ "$(bytes_allocated new)" -le 4096 ]
	done
}

@test "more holes than are looked at together" {
	on xfs1k
	# Inside the file's length nothing is allocated in advance.
	truncate -s 6144100 source
	mkfile -o 0 source frag:3000:1K
	sync source
	assert [ "$(holes source | wc -l)" -eq 6000 ]
	mkfile old data:7M:2
	cp --reflink=never old want
	put source 0 6144100 1 want
	run -0 rcp --range=0:0:1 source old
	assert_same old want
	run -0 rcp --range=0:0:1 source new
	run -0 cmp -i 0:1 source new
	assert_equal "$(stat -c %s new)" 6144101
}

@test "a sparse destination stays sparse around the range" {
	for fs in xfs btrfs; do
		on "$fs"
		mkfile source data:1M:1
		mkfile old hole:64M
		run -0 rcp -v --range=0:1M:16M --range=5:100000:32M source old
		says 1 cloned
		says 2 "copied*4096*"
		mkfile want hole:64M
		put source 0 1M 16M want
		put source 5 100000 32M want
		assert_same old want
		lies old 16M 1M source 0 "shared 16777216 1048576"
		assert [ "$(bytes_allocated old)" -lt 2097152 ]
	done
}

@test "--sparse=always makes holes of the zeros that it copies, never makes none" {
	on xfs
	mkfile source data:64K:1 zero:1M data:64K:2 hole:1M data:64K:3
	run -0 rcp --sparse=always --range=0:0:1 source always
	run -0 cmp -i 0:1 source always
	assert [ "$(bytes_allocated always)" -lt 400000 ]
	run -0 rcp --sparse=never --range=0:0:0 source never
	assert_same source never
	assert_disjoint source never
	assert_equal "$(holes never)" "data 0 2293760"
}

# --- one file ---

# one_file FS RANGE WORDS: like dd from a copy of it.
one_file() {
	local src len dst

	IFS=: read -r src len dst <<<"$2"
	on "$1"
	rm -f file was
	mkfile file data:300001:1
	cp --reflink=never file was
	cp --reflink=never file want
	put was "$src" "$len" "$dst" want
	run -0 --separate-stderr rcp -v --range="$2" file file
	assert_equal "$stderr" ""
	says 1 "$3"
	assert_same file want
}

overlaps() {
	# A gap is opened, or closed, by one block, by several.
	one_file "$1" 4096:200704:8192 "cloned*"
	one_file "$1" 8192:200704:4096 "cloned*"
	one_file "$1" 4096:200704:69632 "cloned*"
	one_file "$1" 69632:200704:4096 "cloned*"
	# With edges.
	one_file "$1" 1000:200000:66536 "cloned*copied*"
	one_file "$1" 66536:200000:1000 "cloned*copied*"
	one_file "$1" 5000:295001:50056 "*copied*"
	# By a byte, by less than a block.
	one_file "$1" 1000:200000:1001 "copied*"
	one_file "$1" 1001:200000:1000 "copied*"
	one_file "$1" 0:300001:4000 "copied*"
	one_file "$1" 4000:296001:0 "copied*"
	# Not over each other.
	one_file "$1" 0:131072:131072 cloned
	one_file "$1" 0:131072:1048576 cloned
}

@test "xfs: an overlap in one file comes out as memmove would have it" {
	overlaps xfs
}

@test "btrfs: an overlap in one file comes out as memmove would have it" {
	overlaps btrfs
}

@test "large overlaps, by hardly anything" {
	for fs in xfs ext4; do
		on "$fs"
		mkfile file data:20M:1
		cp --reflink=never file was
		for range in 0:20971520:1 1:20971519:0 3:20000000:1000003; do
			IFS=: read -r src len dst <<<"$range"
			cp --reflink=never was want
			cp --reflink=never was file
			put was "$src" "$len" "$dst" want
			run -0 rcp --range="$range" file file
			assert_same file want
		done
	done
}

@test "a hole moves within one file" {
	on xfs
	mkfile file data:256K:1 hole:256K data:256K:2
	cp --reflink=never file was
	cp --reflink=never file want
	put was 1 700000 5000 want
	run -0 rcp --range=1:700000:5000 file file
	assert_same file want
	assert [ "$(bytes_allocated file)" -lt 600000 ]
}

@test "a gap is opened: shifted by blocks, the blocks stay shared with the old ones" {
	on xfs
	mkfile file data:1M:1
	cp --reflink=always file was
	run -0 rcp -v --reflink=auto --range=64K:0:128K file file
	lies file 128K 960K was 64K "shared 131072 983040"
	lies file 0 128K was 0 "shared 0 131072"
	assert_equal "$(stat -c %s file)" 1114112
}

@test "a range onto itself changes nothing" {
	for fs in xfs ext4; do
		on "$fs"
		mkfile file data:100001:1
		cp file want
		run -0 rcp --range=4K:8K:4K --range=1:0:1 file file
		assert_same file want
	done
}

# --- checked before anything is done ---

@test "all ranges are checked before the first is done" {
	for fs in xfs ext4; do
		on "$fs"
		mkfile source data:100001:1
		mkfile old data:50K:2
		remember source old
		for range in 0:999999999:0 100002:0:0 100001:1:0 1:100001:0; do
			run -1 --separate-stderr rcp --range=0:4096:0 \
				--range="$range" source old
			assert_equal "$output" ""
			[[ $stderr == *100001* ]] || fail "$stderr"
			assert_untouched
			run -1 rcp --range=0:4096:0 --range="$range" source new
		done
		assert_only source old
	done
}

@test "in one file, ranges are checked against the size that it has at first" {
	on xfs
	mkfile file data:8K:1
	remember file
	run -1 rcp --range=0:8K:8K --range=8K:8K:16K file file
	assert_untouched
	cp file want
	put file 0 8K 8K want
	put file 4K 4K 16K want
	run -0 rcp --range=0:8K:8K --range=4K:0:16K file file
	assert_same file want
}

@test "a range that ends where no file can be as long is refused at once" {
	on xfs
	mkfile source data:8K:1
	mkfile old data:8K:2
	remember old
	run -1 --separate-stderr rcp --range=0:4K:0 \
		--range=0:4K:9223372036854775000 source old
	[[ $stderr == "$ME: "* ]] || fail "$stderr"
	assert_untouched
	for bad in 0:1 0:1:2:3 -1:0:0 0:x:0 0:0:9223372036854775808 \
		0:8E:0 "0: 1:0" 1.5:0:0 0:0:0x; do
		run -1 --separate-stderr rcp --range=0:4K:0 --range="$bad" \
			source old
		[[ $stderr == "$ME: "*"$bad"* ]] || fail "$stderr"
	done
	assert_untouched
}

@test "a range of no bytes makes the file and does nothing else" {
	for fs in xfs ext4; do
		on "$fs"
		: >empty
		mkfile source data:8K:1
		run -0 --separate-stderr rcp --range=:: empty new
		assert_equal "$output$stderr" ""
		assert_equal "$(stat -c %s new)" 0
		run -0 rcp --reflink=auto --range=8K:0:64K source new
		assert_equal "$(stat -c %s new)" 0
		mkfile old data:1000:1
		cp old want
		run -0 rcp --range=8K::0 source old
		assert_same old want
	done
}

@test "sizes may have a suffix or be hexadecimal, and parts may be empty" {
	on xfs
	mkfile source data:1M:1
	run -0 rcp -v --range=0x10000:64k:1M --range=:4K: --range 512K::2m \
		source new
	assert_equal "${lines[0]}" \
		"'source' -> 'new': range 1, 65536:65536:1048576: cloned"
	assert_equal "${lines[1]}" "'source' -> 'new': range 2, 0:4096:0: cloned"
	assert_equal "${lines[2]}" \
		"'source' -> 'new': range 3, 524288:524288:2097152: cloned"
}

# --- lists ---

@test "a list of ranges: comments, blank lines, standard input, NUL" {
	on xfs
	mkfile source data:1M:1
	printf '# all of it\n\n0 64K 0\n  64K\t4096 1M  \n1 2 3\n' >list
	put source 0 64K 0 want
	put source 64K 4K 1M want
	put source 1 2 3 want
	run -0 rcp --ranges-from=list source one
	assert_same one want
	run -0 bash -c '"$0" --ranges-from=- source two <list' "$REFLINKCP"
	assert_same two want
	tr '\n' '\0' <list >nul
	run -0 rcp -0 --ranges-from=nul source three
	assert_same three want
	head -n -1 list >short
	run -0 rcp --ranges-from=short --range=1:2:3 source four
	assert_same four want
}

@test "a list with a bad line: nothing is done, the line is named" {
	on xfs
	mkfile source data:1M:1
	for bad in "0 4K" "0 4K 0 0" "x 4K 0" "0 -1 0" "0 0 9999999999999999999"; do
		printf '0 4K 0\n# second\n%s\n' "$bad" >list
		run -1 --separate-stderr rcp --ranges-from=list source new
		[[ $stderr == *list*3* ]] || fail "$stderr"
		assert_absent new
	done
	run -1 --separate-stderr rcp --ranges-from=absent source new
	[[ $stderr == *absent*"No such file"* ]] || fail "$stderr"
	assert_absent new
}

# reversed FS LINE-LENGTH N: N lines are put in reverse by so many ranges.
reversed() {
	on "$1"
	awk -v len="$2" -v n="$3" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf "%0*d\n", len - 1, i
			print i * len, len, (n - 1 - i) * len >"list"
		}
	}' >source
	sync source
}

@test "100,000 ranges in one run, cloned: right in bytes, in little memory" {
	local one many

	reversed xfs1k 1024 100000
	run -0 cost one.cost "$REFLINKCP" --range=0:1K:0 source small
	run -0 cost many.cost "$REFLINKCP" --reflink=always --ranges-from=list \
		source new
	tac source >want
	assert_same new want
	lies new 0 1K source 102398976 "shared 0 1024"
	lies new 70000K 1K source 29999K "shared 71680000 1024"
	lies new 99999K 1K source 0 "shared 102398976 1024"
	read -r one _ <one.cost
	read -r many took <many.cost
	echo "# 100,000 clones: $((took / 1000)) ms, $many KiB; one: $one KiB" >&3
	if [[ ! ${REFLINKCP_SANITIZED-} ]]; then
		assert [ $((many - one)) -lt 5120 ]
	fi
}

@test "100,000 ranges in one run, copied: right in bytes, in little memory" {
	local one many

	reversed tmpfs 1000 100000
	run -0 cost one.cost "$REFLINKCP" --range=0:1000:0 source small
	run -0 cost many.cost "$REFLINKCP" --ranges-from=list source new
	tac source >want
	assert_same new want
	read -r one _ <one.cost
	read -r many took <many.cost
	echo "# 100,000 copies: $((took / 1000)) ms, $many KiB; one: $one KiB" >&3
	if [[ ! ${REFLINKCP_SANITIZED-} ]]; then
		# To look for the next hole takes as long as the file is large.
		assert [ "$took" -lt 10000000 ]
		assert [ $((many - one)) -lt 5120 ]
	fi
}

# calls NAME: how many of them strace has counted.
calls() {
	awk -v name="$1" '$NF == name { n = $4 } END { print n + 0 }' counts
}

@test "about one system call for each aligned range" {
	unsanitized "the sanitizers make calls too"
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	reversed xfs1k 1024 5000
	run -0 strace -f -c -o counts "$REFLINKCP" --ranges-from=list source new
	assert [ "$(calls ioctl)" -ge 5000 ]
	assert [ "$(calls ioctl)" -le 5020 ]
	assert [ "$(calls total)" -le 5150 ]
}

# --- failures in the middle ---

# The first range takes no room, the second has none.
@test "a failure in the middle: what is done is told and stays, nothing shrinks" {
	need full-xfs
	on full-xfs
	big=$LAB/full-xfs/source
	mkfile old data:100000:2
	cp --reflink=never old was
	before=$(inode old)
	run -1 --separate-stderr rcp -v --range=0:1M:100K --range=1:6M:2M \
		--range=0:64K:0 "$big" old
	says 1 cloned
	[[ $stderr == *"No space left on device"* ]] || fail "$stderr"
	[[ $stderr == *"1 of 3"*1048576* ]] || fail "$stderr"
	assert_equal "$(inode old)" "$before"
	assert [ "$(stat -c %s old)" -ge 1150976 ]
	run -0 cmp -n 100000 old was
	run -0 cmp -i 0:102400 -n 1048576 "$big" old
}

@test "a failure in the middle of a new file: it is removed" {
	need full-xfs
	on full-xfs
	run -1 --separate-stderr rcp --range=0:1M:0 --range=1:6M:2M \
		"$LAB/full-xfs/source" new
	[[ $stderr == *"No space left on device"* ]] || fail "$stderr"
	assert_absent new
	assert_only
}

@test "interrupted while a new file is written: it is removed" {
	need ext4 tmpfs
	on ext4
	mkfile source data:500M:1
	to=$(place tmpfs)/new
	run interrupt -w 8M INT "$REFLINKCP" --range=1:0:0 source "$to"
	dies 2
	assert_absent "$to"
}

@test "interrupted while an existing file is written: it doesn't shrink" {
	need ext4 tmpfs
	on ext4
	mkfile source data:500M:1
	to=$(place tmpfs)/old
	mkfile "$to" data:1M:2
	cp "$to" was
	run interrupt -w 16M TERM "$REFLINKCP" --range=1:0:512K \
		source "$to"
	dies 15
	assert [ "$(stat -c %s "$to")" -ge 1048576 ]
	run -0 cmp -n 524288 "$to" was
}

@test "interrupted among many clones" {
	need xfs
	reversed xfs1k 1024 100000
	mkfile old data:1000:1
	run interrupt -d 100 INT "$REFLINKCP" --ranges-from=list source new
	dies 2
	assert_absent new
	run interrupt -d 100 INT "$REFLINKCP" --ranges-from=list source old
	dies 2
	assert [ "$(stat -c %s old)" -ge 1000 ]
}

# --- btrfs ---

is_nocow() {
	[[ $(lsattr "$1" | cut -d ' ' -f 1) == *C* ]]
}

@test "btrfs: into a compressed file, and out of one" {
	on btrfs
	mkdir small
	chattr +c small
	mkfile small/old zero:4M data:1M:2
	mkfile source zero:1M data:1M:1
	sync small/old
	[[ $(extents small/old) == *encoded* ]]
	cp --reflink=never small/old want
	put source 512K 1M 1M want
	put source 3 100000 3M want
	run -0 rcp -v --range=512K:1M:1M --range=3:100000:3M source small/old
	says 1 cloned
	says 2 "copied*4096*"
	assert_same small/old want

	run -0 rcp -v --reflink=always --range=64K:2M:4K small/old new
	says 1 cloned
	run -0 cmp -i 65536:4096 -n 2097152 small/old new
	lies new 4K 512K small/old 64K "shared 4096 524288"
}

@test "btrfs: into a +C file that holds data a range is copied, and it says why" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile images/disk data:2M:1
	mkfile source data:1M:2
	cp images/disk want
	put source 0 512K 64K want
	run -0 rcp -v --range=0:512K:64K source images/disk
	says 1 "copied: *EINVAL*"
	assert_same images/disk want
	assert is_nocow images/disk
	remember images/disk
	run -1 --separate-stderr rcp --reflink=always --range=0:512K:64K source \
		images/disk
	assert_untouched
}

@test "btrfs: into a new file in a +C directory a range is cloned" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile source data:1M:2
	run -0 rcp -v --reflink=always --range=0:512K:64K source images/new
	says 1 cloned
	lies images/new 64K 512K source 0 "shared 65536 524288"
	refute is_nocow images/new
}

@test "btrfs: out of a +C file into a new one a range is cloned" {
	on btrfs
	mkdir images
	chattr +C images
	mkfile images/disk data:2M:1
	run -0 rcp -v --reflink=always --range=0:512K:64K images/disk new
	says 1 cloned
	lies new 64K 512K images/disk 0 "shared 65536 524288"
	assert is_nocow new
	run -0 cmp -i 0:65536 -n 524288 images/disk new
}

@test "btrfs: from one subvolume to another a range is cloned" {
	need btrfs
	a=$(place btrfs)
	b=$LAB/btrfs/sub/$(place_name)
	mkdir "$b"
	mkfile "$a/source" data:2M:1
	run -0 rcp --reflink=always --range=64K:1M:4K "$a/source" "$b/new"
	lies "$b/new" 4K 1M "$a/source" 64K "shared 4096 1048576"
	rm -r "$b"
}

@test "btrfs: a small file, which lies in the tree" {
	on btrfs
	mkfile source data:1000:1
	run -0 rcp --range=0:0:0 --range=0:0:8K --range=100:10:20K source new
	put source 0 1000 0 want
	put source 0 1000 8K want
	put source 100 10 20K want
	assert_same new want
}

# --- names and metadata ---

@test "the mode of an old file stays, a new one's is a copy's; the mtime is now" {
	on xfs
	mkfile source data:64K:1
	chmod 751 source
	touch -d '2001-02-03 04:05:06.123456789' source
	mkfile old data:64K:2
	chmod 606 old
	touch -d '2002-02-03' old
	run -0 rcp --range=0:4K:0 source old
	run -0 rcp --range=0:4K:0 source new
	(umask 027 && rcp --range=0:4K:0 source new2)
	assert_equal "$(stat -c %a old new new2)" $'606\n751\n750'
	now=$(date +%s)
	for file in old new new2; do
		assert [ $((now - $(stat -c %Y "$file"))) -lt 60 ]
	done
	assert_equal "$(stat -c %y source | cut -c 1-29)" \
		"2001-02-03 04:05:06.123456789"
}

@test "-p keeps mode, owner and times" {
	need_root
	on xfs
	mkfile source data:64K:1
	chown 65534:65534 source
	chmod 4751 source
	touch -d '2001-02-03 04:05:06.123456789' source
	mkfile old data:64K:2
	for file in old new; do
		run -0 rcp -p --range=0:4K:0 source "$file"
		assert_equal "$(stat -c '%a %u %g %y' "$file")" \
			"$(stat -c '%a %u %g %y' source)"
	done
	mkfile plain data:64K:2
	chmod 600 plain
	run -0 rcp --preserve=timestamps --range=0:4K:0 source plain
	assert_equal "$(stat -c '%a %u %g %y' plain)" \
		"600 0 0 $(stat -c %y source)"
}

@test "set-id bits don't survive a write by somebody else" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:64K:1
	mkfile old data:64K:2
	chmod 6777 old
	for range in 0:4K:0 1:2:3; do
		chmod 6777 old
		run -0 as_nobody "$REFLINKCP" --range=$range source old
		assert_equal "$(stat -c %a old)" 777
	done
}

@test "a symbolic link as destination is written through, a dangling one is refused" {
	on xfs
	mkfile source data:64K:1
	mkfile old data:64K:2
	ln -s old link
	ln -s nothing dangling
	run -0 rcp --range=0:4K:0 source link
	run -0 cmp -n 4096 source old
	[[ -L link ]]
	assert_equal "$(stat -c %s old)" 65536
	refused "not writing through dangling symlink 'dangling'" \
		--range=0:4K:0 source dangling
	assert_absent nothing
}

@test "a symbolic link as source is read through" {
	on xfs
	mkfile source data:64K:1
	ln -s source link
	run -0 rcp --range=0:4K:0 link new
	run -0 cmp -n 4096 source new
	[[ ! -L new ]]
}

@test "into a directory it takes the source's name" {
	on xfs
	mkdir dir
	mkfile source data:64K:1
	run -0 rcp -v --range=4K:4K:0 source dir
	assert_equal "$output" \
		"'source' -> 'dir/source': range 1, 4096:4096:0: cloned"
	run -0 cmp -i 4096:0 -n 4096 source dir/source
	run -0 rcp --range=0:4K:4K -t dir source
	assert_equal "$(stat -c %s dir/source)" 8192
	run -1 rcp --range=0:4K:4K -T source dir
}

@test "what is no regular file is refused, and not waited for" {
	need_root
	on xfs
	mkdir dir
	mkfifo fifo
	mkfile file data:8K:1
	mknod null c 1 3
	for source in dir fifo null /dev/zero; do
		run -1 --separate-stderr timeout 10 "$REFLINKCP" \
			--range=0:4K:0 "$source" new
		[[ $stderr == *"'$source'"* ]] || fail "$stderr"
		[[ $stderr == *"regular file"* || $stderr == *"directory"* ]] ||
			fail "$stderr"
		assert_absent new
	done
	for to in fifo null; do
		run -1 --separate-stderr timeout 10 "$REFLINKCP" \
			--range=0:4K:0 file "$to"
		[[ $stderr == *"'$to'"*"regular file"* ]] || fail "$stderr"
	done
	assert_equal "$(stat -c %F fifo null)" \
		$'fifo\ncharacter special file'
}

@test "a source that is not there, or can't be read" {
	need_root
	on xfs
	chmod 777 .
	mkfile file data:8K:1
	chmod 0 file
	refused "cannot stat 'absent': No such file or directory" \
		--range=0:4K:0 absent new
	run -1 --separate-stderr as_nobody "$REFLINKCP" --range=0:4K:0 file new
	assert_equal "$stderr" \
		"$ME: cannot open 'file' for reading: Permission denied"
	assert_only file
}

@test "an ordinary user needs to read the source and to write the destination, no more" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:64K:1
	chmod 444 source
	mkfile old data:64K:2
	chmod 622 old
	run -0 as_nobody "$REFLINKCP" --reflink=always --range=0:4K:8K source old
	lies old 8K 4K source 0 "shared 8192 4096"
	run -0 as_nobody "$REFLINKCP" --range=1:20000:30001 source old
	run -0 cmp -i 1:30001 -n 20000 source old
	run -0 as_nobody "$REFLINKCP" --range=1:20000:3 source new
	run -0 cmp -i 1:3 -n 20000 source new
	assert_equal "$(stat -c %a new)" 444
	chmod 444 old
	remember old
	run -1 as_nobody "$REFLINKCP" --range=0:4K:8K source old
	assert_untouched
}

@test "an existing file keeps its inode and its hard links" {
	on xfs
	mkfile source data:64K:1
	mkfile old data:64K:2
	ln old link
	run -0 rcp --range=0:4K:0 source old
	run -0 cmp -n 4096 source link
	assert_equal "$(stat -c %h old)" 2
}

@test "what has no meaning for ranges is refused, and changes nothing" {
	on xfs
	mkfile source data:64K:1
	mkfile old data:64K:2
	mkdir dir
	remember source old
	for option in -l -s -b --backup=numbered --remove-destination -f \
		--attributes-only; do
		run -1 --separate-stderr rcp "$option" --range=0:4K:0 source old
		[[ $stderr == "$ME: "* ]] || fail "$option: $stderr"
	done
	run -1 rcp --range=0:4K:0 source old dir
	run -1 rcp --range=0:4K:0 source
	run -1 rcp --sparse=always --reflink=always --range=0:4K:0 source old
	assert_untouched
	assert_only source old dir
	assert_equal "$(ls -A dir)" ""
}

@test "-n and -u leave an existing file alone, -i asks" {
	on xfs
	mkfile source data:64K:1
	touch -d '2001-02-03' source
	mkfile old data:64K:2
	remember old
	run -0 rcp -n --range=0:4K:0 source old
	run -0 rcp -u --range=0:4K:0 source old
	run bash -c '"$0" -i --range=0:4K:0 source old <<<n' "$REFLINKCP"
	assert_untouched
	run -0 bash -c '"$0" -i --range=0:4K:0 source old <<<y' "$REFLINKCP"
	run -0 cmp -n 4096 source old
}

# A second run makes the file longer while the first is about to.
@test "two runs that fill one file don't cut each other's bytes off" {
	unsanitized "leaks can't be looked for under strace"
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	on xfs
	mkfile first data:100000:1
	truncate -s 1000001 first
	mkfile second data:500000:2
	: >joined
	strace -o trace -e trace=pwrite64,ftruncate \
		-e inject=pwrite64,ftruncate:delay_enter=1000000 \
		"$REFLINKCP" --range=1:1000000:0 first joined &
	sleep 0.4
	run -0 rcp --range=0:0:1000000 second joined
	wait "$!"
	assert_equal "$(stat -c %s joined)" 1500000
	run -0 cmp -i 0:1000000 second joined
	run -0 cmp -i 1:0 -n 1000000 first joined
}

@test "a source that doesn't tell its size is refused" {
	on tmpfs
	run -1 rcp --range=0:0:0 /proc/version new
	assert_output "$ME: '/proc/version' has content but no size, like files in /proc; ranges need a size"
	run -1 rcp --range=0:10:0 /proc/version new
	assert_output "$ME: '/proc/version' has content but no size, like files in /proc; ranges need a size"
	assert_only
}

@test "a range that passes what this process may write is refused at once" {
	on xfs
	mkfile source data:64K:1
	mkfile old data:64K:2
	remember source old
	run -1 bash -c 'ulimit -f 100; "$0" --range=0:4K:0 --range=0:64K:64K source old' \
		"$REFLINKCP"
	assert_output "$ME: range 2 (0:65536:65536) ends beyond what a file can hold"
	assert_untouched
}

@test "btrfs: a +C source: an unaligned range first spoils no clone after it" {
	on btrfs
	: >source
	chattr +C source
	mkfile filling data:1M:1
	cat filling >source
	run -0 rcp -v --range=1:100:0 --range=4K:0:4K source new
	assert_line --index 1 "'source' -> 'new': range 2, 4096:1044480:4096: cloned"
}

@test "many small ranges of a large file take no longer from its end" {
	local up down

	on tmpfs
	mkfile source data:200M:1
	seq 0 9999 | awk '{ print $1 * 16384, 512, $1 * 512 }' >list
	run -0 cost up.cost "$REFLINKCP" --ranges-from=list source one
	tac list >back
	run -0 cost down.cost "$REFLINKCP" --ranges-from=back source two
	run -0 cmp one two
	read -r _ up <up.cost
	read -r _ down <down.cost
	assert [ "$down" -lt $((20 * up)) ]
}

@test "ranges: a file system that errs about holes makes no holes of data" {
	on xfs
	mkdir real
	mkfile real/f data:3M:1
	sync real/f
	oddfs real odd fail=lseek:ENXIO
	for option in --reflink=auto --reflink=never --sparse=always; do
		run -0 rcp "$option" --range=0:0:0 odd/f copy
		assert_same real/f copy
		run -0 rcp "$option" --range=4100:2M:100 odd/f part
		cmp -n 2M -i 4100:100 real/f part
	done
}

@test "ranges: what is allocated and never written stays a hole" {
	need xfs ext4
	on xfs
	fallocate -l 8M source
	mkfile data data:64K:1
	dd if=data of=source bs=64K seek=20 conv=notrunc status=none
	sync source
	to=$(place ext4)/copy
	run -0 rcp --range=0:0:0 source "$to"
	assert_same source "$to"
	sync "$to"
	[[ $(bytes_allocated "$to") -le 200000 ]]
}

@test "ranges: a source whose size is not true is refused before anything is written" {
	on xfs
	mkdir real
	mkfile real/f data:24:1
	mkfile old data:100:2
	cp old before
	for told in 3 23 25 4096; do
		oddfs real "odd$told" "f:size=$told"
		said="'odd$told/f' does not end where its size says; ranges need its true size"
		refused "$said" --range=0:0:0 "odd$told/f" old
		assert_same before old
		refused "$said" --range=0:0:0 "odd$told/f" new
		assert_absent new
	done
	oddfs real none f:size=0
	refused "'none/f' has content but no size, like files in /proc; ranges need a size" \
		--range=0:0:0 none/f old
	assert_same before old
	oddfs real odd direct
	run -0 rcp --range=0:0:0 odd/f old
	head -c 24 old | cmp - real/f
}

@test "each range of a new file is told once, whoever takes the name meanwhile" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkfile source data:2M:1
	strace -f -o /dev/null -e trace=linkat \
		-e inject=linkat:delay_enter=1000000 "$REFLINKCP" -v \
		--range=0:8192:0 --range=0:4096:16384 source copy >said &
	sleep 0.5
	[[ ! -e copy ]] || fail "it had its name too early"
	echo other >copy
	wait $!
	assert_equal "$(wc -l <said)" 2
	run -0 cmp -n 8192 source copy
}
