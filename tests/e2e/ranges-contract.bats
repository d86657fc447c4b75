# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# What the plan of range clones believes of file systems, asked of the kernel:
# tests/contract/accepts.

load helper

# accepts ALIGN: some thousand clones here; 0: none of them is to be taken.
accepts() {
	run "$TOOLS/../contract/accepts" . "$1"
	[[ $status -eq 0 && ${lines[-1]} == *" 0 wrong" ]] || fail "$output"
	echo "# ${lines[-1]}"
	assert [ "${lines[-1]%% *}" -gt 5000 ]
}

# contract FS ALIGN
contract() {
	on "$1"
	accepts "$2"
}

@test "xfs takes the clones that the plan expects it to take" {
	contract xfs 4096
}

@test "xfs with 1 KiB blocks takes the clones that the plan expects" {
	contract xfs1k 1024
}

@test "xfs with 64 KiB blocks takes the clones that the plan expects" {
	need_where_known xfs64k
	contract xfs64k 65536
}

@test "btrfs takes the clones that the plan expects it to take" {
	contract btrfs 4096
}

@test "a second mount of btrfs takes the clones that the plan expects" {
	contract btrfs-sub 4096
}

@test "btrfs without copy on write takes the clones that the plan expects" {
	on btrfs
	mkdir "$LAB/btrfs/nocow/$(place_name)"
	cd "$LAB/btrfs/nocow/$(place_name)"
	accepts 4096
	rm -r "$PWD"
}

@test "compressed btrfs takes the clones that the plan expects it to take" {
	on btrfs
	mkdir "$LAB/btrfs/compressed/$(place_name)"
	cd "$LAB/btrfs/compressed/$(place_name)"
	accepts 4096
	rm -r "$PWD"
}

@test "btrfs without checksums takes the clones that the plan expects" {
	contract btrfs-nodatasum 4096
}

@test "overlay takes the clones that the plan expects it to take" {
	contract overlay 4096
}

@test "what can't clone refuses each, and bytes are copied then" {
	for fs in xfs-noreflink ext4 tmpfs; do
		contract "$fs" 0
	done
}

# --- blocks that are larger than the usual ones ---

# lies A OFF LENGTH B OFF TEXT...: where these bytes of A lie, against B's.
lies() {
	assert_equal "$(extents range "${@:1:5}")" "$(printf '%s\n' "${@:6}")"
}

@test "xfs with 64 KiB blocks: a range aligned to 4 KiB is cloned inside them" {
	need_where_known xfs64k
	on xfs64k
	mkfile source data:1M:1
	mkfile old data:1M:2
	cp --reflink=never old want
	dd if=source of=want bs=4K skip=3 seek=3 count=100 conv=notrunc \
		status=none
	run -0 --separate-stderr rcp -v --range=12K:400K:12K source old
	assert_equal "$stderr" ""
	assert_equal "$output" "'source' -> 'old': range 1, 12288:409600:12288: \
cloned 327680, copied 81920: the range begins or ends inside a block of 65536"
	assert_same old want
	lies old 0 1M source 0 "own 0 65536" "shared 65536 327680" \
		"own 393216 655360"
}

@test "xfs with 64 KiB blocks: always wants its blocks" {
	need_where_known xfs64k
	on xfs64k
	mkfile source data:1M:1
	mkfile old data:1M:2
	refused "cannot clone range 1 (12288:409600:12288) of 'source' to \
'copy': the block size is 65536; only 65536:327680:65536 can be cloned" --reflink=always --range=12K:400K:12K source copy
	assert_absent copy
	run -0 --separate-stderr rcp --reflink=always --range=64K:320K:128K \
		source old
	assert_equal "$stderr" ""
	lies old 128K 320K source 64K "shared 131072 327680"
}
