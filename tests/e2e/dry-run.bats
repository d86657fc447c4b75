# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164
# --dry-run: it says what would be done, and does nothing.  That it agrees with
# what is then done is shown by `compare -p`.

load helper

# foretells LINES ARGUMENT...: it prints these, and succeeds.
foretells() {
	local said=$1

	shift
	run -0 --separate-stderr rcp --dry-run "$@"
	assert_equal "$(sed '/^space where /d' <<<"$output")$stderr" "$said"
}

# foretells_failure MESSAGE ARGUMENT...: it fails in these words.
foretells_failure() {
	local message=$1

	shift
	run -1 --separate-stderr rcp --dry-run "$@"
	assert_equal "$stderr" "$ME: $message"
}

# Without the lines about space, which differ each time.
plan() {
	rcp --dry-run "$@" | sed '/^space where /d'
}

make_sources() {
	mkdir -p s/d/void
	echo content >s/a
	echo more >s/d/b
	: >s/empty
	ln s/a s/other
	ln -s a s/link
	mkfifo s/fifo
}

@test "--dry-run: what is new" {
	on ext4
	make_sources
	mkdir t
	rm s/other
	run -0 plan -a -j 1 s new
	assert_equal "$(sort <<<"$output")" "$(sort <<'END'
would make a directory: 's' -> 'new'
would copy: 's/a' -> 'new/a' (8 bytes, this file system can't clone)
would make an empty file: 's/empty' -> 'new/empty'
would copy a symbolic link: 's/link' -> 'new/link'
would make a FIFO: 's/fifo' -> 'new/fifo'
would make a directory: 's/d' -> 'new/d'
would copy: 's/d/b' -> 'new/d/b' (5 bytes, this file system can't clone)
would make a directory: 's/d/void' -> 'new/d/void'
END
	)"
	assert_absent new
	run -0 plan -l s/a new
	assert_output "would make a hard link: 's/a' -> 'new'"
	run -0 plan -s s/a new
	assert_output "would make a symbolic link: 's/a' -> 'new'"
	run -0 plan --attributes-only s/a new
	assert_output "would make an empty file: 's/a' -> 'new'"
	run -0 plan --parents s/d/b t
	assert_output "would make a directory: 's' -> 't/s'
would make a directory: 's/d' -> 't/s/d'
would copy: 's/d/b' -> 't/s/d/b' (5 bytes, this file system can't clone)"
	assert_only s t
}

@test "--dry-run: what exists" {
	on xfs
	echo 1 >a
	echo 2 >b
	ln a a2
	touch -d 2020-01-01 a
	foretells "would skip: 'b' (it exists)" -n a b
	foretells "would skip: 'b' (not older than 'a')" -u a b
	foretells "would skip: 'a2' (the same file as 'a')" -l a a2
	foretells "would set attributes: 'a' -> 'b'" --attributes-only a b
	for row in \
		":overwriting it" \
		"-f:overwriting it" \
		"-i:overwriting it, after asking" \
		"--remove-destination:replacing it" \
		"-b:replacing it, backup: 'b~'" \
		"-b -S .old:replacing it, backup: 'b.old'" \
		"--backup=numbered:replacing it, backup: 'b.~1~'"; do
		read -r -a options <<<"${row%%:*}"
		run -0 plan "${options[@]}" a b
		assert_output \
			"would clone, or else copy: 'a' -> 'b' (2 bytes, ${row#*:})"
	done
	assert_equal "$(cat b)" 2
	foretells_failure "'a' and 'a2' are the same file" a a2
	foretells_failure "not replacing 'b'" --update=none-fail a b
	foretells_failure "not creating 'c', which does not exist" --no-create a c
	mkdir d
	foretells_failure "cannot overwrite directory 'd' with non-directory 'a'" \
		-T a d
}

@test "--dry-run: how the content would come" {
	need xfs ext4 tmpfs
	local there

	there=$(place ext4)
	on xfs
	mkfile a data:8K
	run -0 plan a b
	assert_output "would clone, or else copy: 'a' -> 'b' (8192 bytes)"
	run -0 plan --reflink=always a b
	assert_output "would clone, or else fail: 'a' -> 'b' (8192 bytes)"
	run -0 plan --reflink=never a b
	assert_output "would copy: 'a' -> 'b' (8192 bytes, --reflink=never)"
	run -0 plan --sparse=never a b
	assert_output "would copy: 'a' -> 'b' (8192 bytes, --sparse=never)"
	run -0 plan a "$there"
	assert_output \
		"would copy: 'a' -> '$there/a' (8192 bytes, different file systems)"
	run -0 plan -R --copy-contents /dev/null b
	assert_output "would copy: '/dev/null' -> 'b' (not a regular file)"
	foretells_failure "failed to clone '$there/a' from 'a': Invalid cross-device link" \
		--reflink=always a "$there"
	cp a "$there"
	foretells_failure "failed to clone '$there/b' from '$there/a': Operation not supported" \
		--reflink=always "$there/a" "$there/b"
	foretells_failure "cannot create hard link '$there/b' to 'a': Invalid cross-device link" \
		-l -P a "$there/b"
}

@test "--dry-run: ranges" {
	on xfs
	mkfile a data:16K
	mkfile b data:16K
	foretells "would write: 'a' -> 'b': range 1, 0:8192:4096: to clone
would write: 'a' -> 'b': range 2, 100:8192:100: to clone 4096, to copy 4096: the range begins or ends inside a block of 4096" \
		--range=0:8K:4K --range=100:8K:100 a b
	foretells "would make a file for ranges: 'a' -> 'c'
would write: 'a' -> 'c': range 1, 0:16384:0: to copy: --reflink=never" \
		--range=:: --reflink=never a c
	foretells_failure "range 1 (0:20000:0) passes the end of 'a', which has 16384 bytes" \
		--range=0:20000:0 a b
	foretells_failure "cannot clone range 1 (1:4096:0) of 'a' to 'b': the block size is 4096; the offsets differ modulo that, so nothing can be cloned" \
		--reflink=always --range=1:4K:0 a b
	assert_absent c
}

@test "--dry-run: several operands meet what the earlier ones would have made" {
	on xfs
	mkdir -p a/d b/d to
	echo 1 >a/f
	echo 2 >b/f
	echo 3 >a/d/x
	echo 4 >b/d/x
	run -1 --separate-stderr rcp --dry-run a/f b/f to
	assert_equal "$stderr" "$ME: will not overwrite just-created 'to/f' with 'b/f'"
	run -0 plan --backup=numbered a/f b/f a/f to
	assert_output "would clone, or else copy: 'a/f' -> 'to/f' (2 bytes)
would clone, or else copy: 'b/f' -> 'to/f' (2 bytes, replacing it, backup: 'to/f.~1~')
would clone, or else copy: 'a/f' -> 'to/f' (2 bytes, replacing it, backup: 'to/f.~2~')"
	run -0 plan -R a/d b/d to
	assert_output "would make a directory: 'a/d' -> 'to/d'
would clone, or else copy: 'a/d/x' -> 'to/d/x' (2 bytes)
would clone, or else copy: 'b/d/x' -> 'to/d/x' (2 bytes, overwriting it)"
	run -0 plan -R --parents a/d a to
	assert_line "would clone, or else copy: 'a/d/x' -> 'to/a/d/x' (2 bytes, overwriting it)"
	echo 1 >to/old
	echo 1 >old
	run -0 plan --reflink=never --parents -b a/d/../../old to
	assert_line "would copy: 'a/d/../../old' -> 'to/a/d/../../old' (2 bytes, --reflink=never, replacing it, backup: 'to/a/d/../../old~')"
	run -0 plan --parents -n a/../old to
	assert_line "would skip: 'to/a/../old' (it exists)"
	rm to/old
	ln a/f a/g
	run -0 plan --preserve=links a/f a/g to
	assert_line "would make a hard link: 'a/g' -> 'to/g' (to 'to/f')"
	assert_equal "$(ls to)" ""
}

@test "--dry-run: a directory into itself" {
	on xfs
	mkdir -p s/d
	touch s/d/f
	for dst in s s/new s/d s/d/new; do
		run -1 --separate-stderr rcp --dry-run -R s "$dst"
		said=$stderr
		run -1 --separate-stderr rcp -R s "$dst"
		assert_equal "$said" "$stderr"
		rm -rf s/new s/d/new s/d/s s/s
	done
	mkdir t
	for command in "s/d s s" "s/. s" "s s s" "s/d s/.. t"; do
		read -r -a operands <<<"$command"
		run -1 --separate-stderr rcp --dry-run -R --parents "${operands[@]}"
		said=$stderr
		run -1 --separate-stderr rcp -R --parents "${operands[@]}"
		assert_equal "$said" "$stderr"
		rm -rf s/s t/*
	done
}

@test "--dry-run: failures that can be known" {
	need_root
	need xfs ro-xfs
	on xfs
	chmod 755 . ..
	mkdir locked shut
	echo 1 >a
	echo 1 >secret
	echo 1 >fixed
	echo 1 >locked/f
	chmod 600 secret
	chattr +i fixed locked
	foretells_failure "cannot create regular file '$LAB/ro-xfs/new': Read-only file system" \
		a "$LAB/ro-xfs/new"
	foretells_failure "cannot create directory '$LAB/ro-xfs/shut': Read-only file system" \
		-R shut "$LAB/ro-xfs"
	for command in "a fixed" "a locked/new" "-b a locked/f" \
		"--remove-destination a fixed" "--remove-destination a locked/f" \
		"-l fixed new" "-R -l fixed new" \
		"-l a locked/new" "-s $PWD/a locked/new" "-R shut locked" \
		"--parents shut/../a locked" "a none/new" "a new/" "none new" \
		"-R none new" "shut new" "a -S $(printf 'x%.0s' {1..255}) -b secret" \
		"-R --copy-contents fifo locked"; do
		read -r -a arguments <<<"$command"
		run -1 --separate-stderr rcp --dry-run "${arguments[@]}"
		said=$stderr
		run -1 --separate-stderr rcp "${arguments[@]}"
		assert_equal "$said" "$stderr"
	done
	mkdir t
	chmod 1777 t
	touch t/roots
	mktree all all
	mv all/nodes/socket closed
	chmod 600 closed
	for command in "closed t/new" "secret t/new" "a secret" "a new" "-f a secret" "-R shut new" \
		"-f a t/roots" "--remove-destination a t/roots" "-b a t/roots"; do
		read -r -a arguments <<<"$command"
		run -1 --separate-stderr as_nobody "$REFLINKCP" --dry-run "${arguments[@]}"
		said=$stderr
		run -1 --separate-stderr as_nobody "$REFLINKCP" "${arguments[@]}"
		assert_equal "$said" "$stderr"
	done
}

@test "--dry-run: space" {
	need xfs full-tmpfs
	local there

	there=$(place full-tmpfs)
	on xfs
	truncate -s 1G sparse
	run -0 rcp --dry-run sparse "$there"
	mkfile a data:64M
	run -1 --separate-stderr rcp --dry-run a "$there"
	assert_regex "$stderr" "^$ME: not enough space where '$there/a' is: 67108864 bytes needed, [0-9]+ bytes? free\$"
	assert_regex "${lines[1]}" "^space where '$there/a' is: at most 64MiB needed; .* free\$"
	run -0 rcp --dry-run a b
	assert_line --partial "is: at most 64MiB needed, nothing for what is cloned; "
}

# What changes anything, as strace prints it.
forbidden='(^|[0-9]+ +)(mkdir|rmdir|unlink|rename|link|symlink|mknod|fchmod|chmod|fchown|chown|lchown|utimens|futimens|utime|setxattr|lsetxattr|fsetxattr|removexattr|lremovexattr|fremovexattr|truncate|ftruncate|fallocate|copy_file_range|sendfile|splice|pwrite|creat)[a-z0-9]*\(|open(at|at2)?\([^)]*O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)|ioctl\([0-9]+, (FICLONE|BTRFS_IOC_CLONE|FIDEDUPERANGE|FS_IOC_SETFLAGS|FS_IOC_FSSETXATTR)|write(v)?\(([3-9]|[1-9][0-9])'

@test "--dry-run: space that is no number" {
	on xfs
	mkdir t
	truncate -s 7E a b
	truncate -s 2E c
	run -1 --separate-stderr rcp --dry-run --sparse=never a b c t
	assert_regex "$stderr" "not enough space"
}

@test "--dry-run: no call that could change anything" {
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	unsanitized "leaks can't be looked for under strace"
	on xfs
	make_sources
	cp -a s old
	mkdir into
	while read -r -a arguments; do
		strace -f -s 0 -o "$BATS_TEST_TMPDIR/trace" "$REFLINKCP" --dry-run \
			"${arguments[@]}" >/dev/null 2>&1 </dev/null || true
		run ! grep -E "$forbidden" "$BATS_TEST_TMPDIR/trace"
	done <<'END'
-a s into
-a s/. old
-a -j 4 s into
-ab s/. old
-au s/. old
-an s/. old
-ai s/. old
-af s/. old
-a --remove-destination s/. old
-a --backup=numbered s/. old
-aL s/. old
-aH s/. old
-a --preserve=all s into
-ax s into
-a --attributes-only s/. old
-R --copy-contents s into
-R --reflink=always s into
-R --reflink=never --sparse=always s into
-Rl s into
-Rlf s/. old
-Rs s into
-R --keep-directory-symlink --keep-file-symlink s/. old
-R --no-create s into
-R s s/d
-R s/d s into
--parents -a s/d/b s/d into
--range=0:4:0 s/a new
--range=0:4:0 s/a old/a
--range=0:4:100 s/a s/a
-Z s/a into
-f -b s/a s/a
--debug -v s/a s/d/b into
-p s/a old/a
END
	# The list knows what a copy does.
	run -0 strace -f -s 0 -o "$BATS_TEST_TMPDIR/trace" "$REFLINKCP" -a s into
	run -0 grep -E "$forbidden" "$BATS_TEST_TMPDIR/trace"
}

@test "--dry-run: no time is touched" {
	need_root
	on xfs
	make_sources
	cp -a s old
	find . -exec touch -h -d 2001-02-03 {} +
	mapfile -t files < <(find . ! -type l)
	find . -exec touch -h -d 2001-02-03 {} +
	before=$(stat -c '%n %x %y %z %i %s %a' "${files[@]}")
	for options in -a -ab "-a --backup=numbered" -aL "-a --parents"; do
		read -r -a words <<<"$options"
		rcp --dry-run "${words[@]}" s old >/dev/null || true
		rcp --dry-run "${words[@]}" s/d s/a old >/dev/null || true
	done
	assert_equal "$(stat -c '%n %x %y %z %i %s %a' "${files[@]}")" "$before"
}

@test "--dry-run: threads and depth make no difference" {
	on xfs
	mktree wide w 2000
	mktree deep deep 600
	mkdir into
	for tree in w deep; do
		plan -a -j 1 "$tree" into | sort >one
		plan -a -j 4 "$tree" into | sort >four
		assert_same one four
		rcp -av "$tree" into | sort >made
		sed -E 's/^would [a-z, ]*: //; s/ \([^()]*\)$//' one | sort >planned
		assert_same planned made
	done
	# With few descriptors directories are closed, and opened again.
	run -0 bash -c 'ulimit -n 24; "$1" --dry-run -a -j 1 deep more' - "$REFLINKCP"
	assert_equal "${#lines[@]}" "$(($(find deep | wc -l) + 1))"
}

@test "--dry-run: with other reports" {
	on xfs
	echo 1 >a
	refused "--dry-run can't be combined with --summary
Try '$ME --help' for more information." --dry-run --summary a b
	run -0 rcp --dry-run --detailed-exit-code --reflink=never a b
	run -1 rcp --dry-run --detailed-exit-code none b
	foretells "would clone, or else copy: 'a' -> 'b' (2 bytes)" --progress --debug -v a b
}

@test "--dry-run: --json" {
	on xfs
	make_sources
	cp s/a old
	run -0 rcp --dry-run --json=report1.jsonl -a s new
	run -0 jq -r 'select(.type == "plan") | [.action, .kind, .src, .dst, .link] | @tsv' \
		report1.jsonl
	assert_line $'create\tdirectory\ts\tnew\t'
	assert_line $'create\tsymlink\ts/link\tnew/link\t'
	assert_line $'create\tfifo\ts/fifo\tnew/fifo\t'
	assert_line $'clone_or_copy\tfile\ts/d/b\tnew/d/b\t'
	assert_equal "$(grep -c ^hard_link <<<"$output")" 1
	run -0 rcp --dry-run -b --json=report2.jsonl s/a old
	run -0 jq -c 'select(.type == "plan") | [.action, .existing, .backup, .size]' report2.jsonl
	assert_output '["clone_or_copy","replace","old~",8]'
	run -0 rcp --dry-run -n --json=report3.jsonl s/a old
	run -0 jq -c 'select(.type == "plan") | [.action, .existing, .kind]' report3.jsonl
	assert_output '["skip","keep","file"]'
	run -0 rcp --dry-run --range=0:4:0 --reflink=never --json=report4.jsonl s/a new
	run -0 jq -c 'select(.type == "plan_range") | [.number, .clone, .copy, .why]' report4.jsonl
	assert_output '[1,0,4,"never"]'
	run -1 rcp --dry-run --json=report5.jsonl none s/a s/d
	run -0 jq -c 'select(.type != "plan") | [.type, .class, .exit_status]' report5.jsonl
	assert_line '["error","missing",null]'
	assert_line '["summary",null,1]'
	assert_line '["plan_space",null,null]'
	# On standard output there is nothing else.
	rcp --dry-run --json s/a new | jq -e . >/dev/null
}
