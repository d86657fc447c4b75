# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --summary and --detailed-exit-code; the same numbers are in --json.

load helper

# summed STATUS ARGUMENT...: copy, with both; $stderr is what people read, without
# the time.
summed() {
	run -"$1" --separate-stderr rcp --summary --json=report.jsonl "${@:2}"
	stderr=$(sed -E 's/[0-9]+\.[0-9] seconds$/T seconds/' <<<"$stderr")
}

# of FILTER: what jq finds in the summary of report.jsonl.
of() {
	jq -c "select(.type == \"summary\") | $1" report.jsonl
}

@test "--summary: what was done, in numbers" {
	on xfs
	mktree wide tree 1200
	mkfile tree/hole hole:3M data:64K:1
	ln -s hole tree/link
	: >tree/empty
	summed 0 -a tree copy
	assert_equal "$output" ""
	assert_equal "$(sed -n 1p <<<"$stderr")" \
		"1,203 files: 1,201 cloned, 1 linked, 1 created"
	assert_equal "$(of '.files | [.total, .cloned, .linked, .created]')" \
		"[1203,1201,1,1]"
	assert_equal "$(of .uncloned)" "[]"
	[[ $(sed -n 2p <<<"$stderr") =~ ^[0-9.]+\ MiB\ shared,\ [0-9,]+\ director(y|ies),\ T\ seconds$ ]] ||
		fail "$stderr"
	assert_equal "$(wc -l <<<"$stderr")" 2
}

@test "--summary: where files can't be cloned, why, and what to do" {
	need xfs ext4
	on xfs
	mkfile source data:3M:1
	mkfile other data:100K:1
	summed 0 source other "$(place ext4)"
	assert_equal "$stderr" "2 files: 2 copied in full (3.1 MiB)
3.1 MiB copied, T seconds
2 files not cloned from xfs to ext4: FICLONE: EXDEV; choose two places on one file system: these are on two"
	assert_equal "$(of '.uncloned[0] | [.src_fs_type, .dst_fs_type, .call,
		.errno, .files, .bytes, .can_clone]')" \
		'["xfs","ext4","FICLONE","EXDEV",2,3248128,false]'
	cd "$(place ext4)"
	summed 0 source copy
	assert_equal "$(sed 1,2d <<<"$stderr")" "1 file not cloned from ext4 to ext4: FICLONE: EOPNOTSUPP; use a file system with reflinks, such as XFS or Btrfs"
	summed 1 --reflink=always source copy2
	assert_equal "$(sed -n 2p <<<"$stderr")" "1 file: 1 failed"
	assert_equal "$(of '.uncloned[0] | [.files, .bytes]')" "[1,0]"
}

@test "--summary: XFS without reflinks" {
	need_where_known xfs-noreflink
	on xfs-noreflink
	mkfile source data:8K:1
	summed 0 source copy
	assert_equal "$(sed 1,2d <<<"$stderr")" "1 file not cloned from xfs to xfs: FICLONE: EOPNOTSUPP; it was made with reflink=0; mkfs.xfs can make a new one"
}

@test "--summary: much is copied between file systems that can clone" {
	need xfs btrfs
	on xfs
	mkfile source data:65M:1
	summed 0 source "$(place btrfs)/copy"
	assert_line_of_stderr "65 MiB were copied although both file systems can clone"
	assert_equal "$(of .copied_though_clonable)" 68157440
	mkfile source data:1M:1
	summed 0 source "$(place btrfs)/copy"
	assert_equal "$(of .copied_though_clonable)" 0
	refute_output "although"
}

assert_line_of_stderr() {
	grep -qxF -- "$1" <<<"$stderr" || fail "$stderr"
}

@test "--summary: a subvolume could be a snapshot" {
	need_root
	on btrfs
	run -0 btrfs subvolume create volume
	: >volume/file
	summed 0 -a volume copy
	assert_line_of_stderr \
		"'volume' is a Btrfs subvolume; a snapshot of it would be faster"
	assert_equal "$(of .subvolumes)" '["volume"]'
	summed 0 -a copy copy2
	assert_equal "$(of .subvolumes)" '[]'
	btrfs subvolume delete volume
}

@test "--summary: failures for one reason are counted" {
	on xfs
	mkdir into
	summed 1 a b c into
	assert_line_of_stderr "3 failures: fstatat: No such file or directory"
	assert_line_of_stderr "3 files: 3 failed"
	assert_equal "$(of .reasons)" \
		'[{"class":"missing","call":"fstatat","errno":"ENOENT","failures":3}]'
}

# follows STATUS ARGUMENT...: what it says in numbers follows from its records.
follows() {
	summed "$@"
	assert_equal "$(grep -E '^[0-9,]+ files?(:|$)|T seconds$|^[0-9,]+ failures: ' \
		<<<"$stderr")" "$("$BATS_TEST_DIRNAME/sentence" report.jsonl)"
}

@test "--summary: its sentences follow from the records" {
	local ext4

	need xfs ext4
	ext4=$(place ext4)
	on xfs
	mktree wide tree 1100
	mkfile tree/data data:3M:1
	ln tree/data tree/zname
	ln -s data tree/link
	mkfifo tree/fifo
	mkfile sparse hole:1M data:70000:2 hole:1M
	mkdir into
	follows 0 -a tree copy
	follows 0 -a --update=none tree/. copy
	follows 0 -a tree "$ext4/copy"
	follows 0 -a --reflink=never -j 1 tree copy2
	follows 0 sparse "$ext4"
	follows 0 --reflink=never --sparse=always sparse into
	follows 0 --range=0:64K:0 --range=1:100:1M tree/data part
	follows 0 -l tree/data name
	follows 0 -s "$PWD/sparse" symlink
	follows 0 -d symlink symlink2
	follows 1 --reflink=always -r tree "$ext4/refused"
	follows 1 none1 none2 none3 tree/data tree into
	follows 1 -r tree none/copy
	follows 1 none copy3
}

# exits STATUS ARGUMENT...
exits() {
	run -"$1" rcp --detailed-exit-code --json=report.jsonl "${@:2}"
	assert_equal "$(of .exit_status)" "$1"
}

@test "--detailed-exit-code: files, trees, ranges" {
	need xfs ext4
	on xfs
	mkdir tree
	mkfile tree/source data:64K:1
	exits 0 tree/source copy
	exits 0 -a tree tree2
	exits 0 --range=4K:4K:0 tree/source copy
	exits 3 tree/source "$(place ext4)/copy"
	exits 3 -a tree "$(place ext4)"
	exits 3 --range=1:100:0 tree/source copy
	exits 3 --reflink=never tree/source copy
	exits 4 --reflink=always tree/source "$(place ext4)/copy"
	exits 4 -a --reflink=always tree "$(place ext4)"
	exits 4 --reflink=always --range=1:100:0 tree/source copy
	exits 1 none copy
	exits 1 none tree/source "$(place ext4)"
	run -1 rcp --detailed-exit-code --bogus
	# Without it, as ever.
	run -0 rcp tree/source "$(place ext4)/copy"
	run -1 rcp --reflink=always tree/source "$(place ext4)/copy"
}

@test "--detailed-exit-code: no space, and sources that vanish" {
	on xfs
	mkdir tree
	: >tree/file
	echo x >source
	unsanitized "leaks are searched for by ptrace"
	run -6 strace -f -qqq -o /dev/null -e trace=pwrite64 \
		-e inject=pwrite64:error=EDQUOT "$REFLINKCP" \
		--detailed-exit-code --reflink=never source copy
	run -5 keeping strace -f -qqq -o /dev/null -e trace=openat -P tree/file \
		-P file -e inject=openat:error=ENOENT "$REFLINKCP" \
		--detailed-exit-code --json=report.jsonl -r tree copies
	assert_equal "$(jq -c '.errors[]? | [.class, .call, .errno]' \
		report.jsonl)" '["changed","openat","ENOENT"]'
}
