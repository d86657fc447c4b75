# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# From each file system to each other one.  What can clone is not asked of the
# program but known: the pairs below.

load helper

names="xfs xfs1k xfs-noreflink btrfs btrfs-sub btrfs-nodatasum ext4 tmpfs overlay"

can_clone() {
	case "$1 $2" in
	"xfs xfs" | "xfs1k xfs1k" | "overlay overlay") true ;;
	"btrfs btrfs" | "btrfs btrfs-sub") true ;;
	"btrfs-sub btrfs" | "btrfs-sub btrfs-sub") true ;;
	"btrfs-nodatasum btrfs-nodatasum") true ;;
	*) false ;;
	esac
}

# refusal FROM TO: what the kernel answers.
refusal() {
	if [[ $1 == "$2" ]]; then
		echo "Operation not supported"
	else
		echo "Invalid cross-device link"
	fi
}

check_clone() {
	run -0 rcp --reflink=always "$1" "$2"
	assert_same "$1" "$2"
	assert_shared "$1" "$2"
}

# Always is refused: neither a new nor an old destination is harmed.
check_refusal() {
	local from=$1 to=$2 why=$3

	refused "failed to clone '$to.always' from '$from': $why" \
		--reflink=always "$from" "$to.always"
	assert_absent "$to.always"

	mkfile "$to.old" data:300001:7
	touch -d '2001-02-03 04:05:06.123456789' "$to.old"
	remember "$to.old"
	before=$(inode "$to.old")
	refused "failed to clone '$to.old' from '$from': $why" \
		--reflink=always "$from" "$to.old"
	assert_untouched
	assert_equal "$(inode "$to.old")" "$before"

	mkfile "$to.short" data:10:7
	remember "$to.short"
	run -1 rcp --reflink=always "$from" "$to.short"
	assert_untouched
}

# The bytes are equal; at least the large holes are holes again.
check_copy() {
	local from=$1 to=$2

	run -0 --separate-stderr rcp "$from" "$to"
	assert_equal "$output$stderr" ""
	assert_same "$from" "$to"
	assert [ "$(bytes_allocated "$to")" -lt 3500000 ]
	mkfile "$to.over" data:9M:8
	run -0 rcp "$from" "$to.over"
	assert_same "$from" "$to.over"
}

pair() {
	local from to

	from=$(place "$1")/from
	to=$(place "$2")/to.$1
	mkfile "$from" hole:1M data:1M:1 hole:3M data:700001:2 hole:1M
	touch -d '2001-02-03 04:05:06.123456789' "$from"
	if can_clone "$1" "$2"; then
		check_clone "$from" "$to"
	else
		check_copy "$from" "$to"
		check_refusal "$from" "$to" "$(refusal "$1" "$2")"
	fi
	remember "$from"
	run -0 rcp --reflink=never "$from" "$to.never"
	assert_same "$from" "$to.never"
	assert_untouched
	# Places can be compared on one file system only.
	if can_clone "$1" "$2"; then
		assert_disjoint "$from" "$to.never"
	fi
}

from() {
	local to

	need "$1"
	for to in $names; do
		[[ -d $LAB/$to ]] || continue
		echo "# from $1 to $to"
		pair "$1" "$to"
	done
}

@test "from xfs to each" {
	from xfs
}

@test "from xfs with 1 KiB blocks to each" {
	from xfs1k
}

@test "from xfs that can't clone to each" {
	from xfs-noreflink
}

@test "from btrfs to each" {
	from btrfs
}

@test "from a second mount of btrfs to each" {
	from btrfs-sub
}

@test "from btrfs without checksums to each" {
	from btrfs-nodatasum
}

@test "from ext4 to each" {
	from ext4
}

@test "from tmpfs to each" {
	from tmpfs
}

@test "from overlay to each" {
	from overlay
}

@test "a new destination keeps the mode of the source after a copy across" {
	need xfs ext4
	a=$(place xfs)
	b=$(place ext4)
	mkfile "$a/source" data:1M:1
	chmod 2750 "$a/source"
	run -0 rcp "$a/source" "$b/copy"
	assert_equal "$(stat -c %a "$b/copy")" 750
}

@test "a clone into xfs that is refused leaves nothing allocated behind" {
	need ext4 xfs
	a=$(place ext4)
	b=$(place xfs)
	mkfile "$a/source" data:1M:1
	: >"$b/old"
	run -1 rcp --reflink=always "$a/source" "$b/old"
	assert_equal "$(stat -c '%s %b' "$b/old")" "0 0"
}

@test "several sources, some that can be cloned and some that can't" {
	need xfs ext4
	a=$(place ext4)
	on xfs
	mkfile one data:1M:1
	mkfile "$a/two" data:1M:2
	mkfile three data:1M:3
	mkdir into
	run -0 rcp one "$a/two" three into
	assert_shared one into/one
	assert_same "$a/two" into/two
	assert_shared three into/three
	rm -r into
	mkdir into
	refused "failed to clone 'into/two' from '$a/two': Invalid cross-device link" \
		--reflink=always one "$a/two" three into
	assert_shared one into/one
	assert_absent into/two
	assert_shared three into/three
}

@test "of two that can't be cloned, each is named" {
	on ext4
	mkdir into
	: >into/.keep
	mkfile one data:8K:1
	mkfile two data:8K:2
	run -1 --separate-stderr rcp --reflink=always one two into
	assert_equal "$stderr" "\
$ME: failed to clone 'into/one' from 'one': Operation not supported
$ME: failed to clone 'into/two' from 'two': Operation not supported"
	assert_equal "$(ls into)" ""
}
